package dev.murmuration.crawler.photo;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;

/**
 * A set number of platform threads for all that touches pixels. Virtual threads must not do that: Java 2D and Image I/O
 * initialise classes that wait for each other and call native code, either of which holds on to the carrier, and once every
 * core's carrier waits for a class whose initialiser needs a carrier too, nothing in the process goes on. It also bounds how many
 * cores a burst of photos takes.
 */
public final class PixelThreads {

    private static final int IDLE_SECONDS = 30;

    static {
        loadImageClasses();
    }

    private final ThreadPoolExecutor threads;

    // By one thread and before there are others: the image classes of the JDK initialise each other in more than one
    // order.
    private static void loadImageClasses() {
        ImageIO.setUseCache(false);
        ImageIO.scanForPlugins();
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = image.createGraphics();
        graphics.fillOval(0, 0, 8, 8);
        graphics.dispose();
        try {
            for (String format : List.of("jpeg", "png", "gif")) {
                ByteArrayOutputStream file = new ByteArrayOutputStream();
                ImageIO.write(image, format, file);
                ImageIO.read(new ByteArrayInputStream(file.toByteArray()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the JDK cannot read what it wrote", e);
        }
    }

    /** At most so many threads, none while there is nothing to do. */
    public PixelThreads(int most) {
        this.threads = new ThreadPoolExecutor(
                most,
                most,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                // Bounded by its callers: each waits for its own work.
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("pixels-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /** Work that may refuse with an exception of its own. */
    @FunctionalInterface
    public interface Work<T, E extends Exception> extends Callable<T> {
        @Override
        T call() throws E;
    }

    /**
     * Does the work and waits for it.
     *
     * @throws E what the work threw
     * @throws InterruptedException if the caller was interrupted; the work is done to its end all the same, or never begun
     */
    @SuppressWarnings("unchecked") // Work throws nothing checked but E.
    public <T, E extends Exception> T call(Work<T, E> work) throws E, InterruptedException {
        Future<T> done = threads.submit(work);
        try {
            return done.get();
        } catch (InterruptedException e) {
            done.cancel(false);
            throw e;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Error error -> throw error;
                case RuntimeException bug -> throw bug;
                case Exception refused -> throw (E) refused;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }
}
