package dev.murmuration.crawler.simulator;

import dev.murmuration.crawler.photo.Inspected.Photo;
import dev.murmuration.crawler.photo.Inspection;
import dev.murmuration.crawler.photo.InspectionLimits;
import dev.murmuration.simulator.PhotoRenderer;
import dev.murmuration.simulator.World;
import dev.murmuration.stage.text.Csv;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * Photos of scenes that the stream never shows, labelled by the simulator's own truth: {@code index.csv} (path, class 0 to 2),
 * {@code images/}, {@code hashes.csv}.
 */
public final class Benchmark {

    /** Path and class of every photo; written last, so that what has an index is whole. */
    public static final String INDEX = "index.csv";

    private static final int SHORTEST_SIDE = 32;

    private final World world;
    private final int photos;

    /** As many photos of this world. */
    public Benchmark(World world, int photos) {
        this.world = world;
        this.photos = photos;
    }

    /**
     * Draws it, on all cores: the stream cannot start before. Rows are in the order of the photos, whoever finished first.
     *
     * @param file takes a path inside the benchmark and its bytes; called by several threads at once for the photos
     * @return how many photos it has
     * @throws InterruptedException if the thread was interrupted
     */
    public int write(BiConsumer<String, byte[]> file) throws InterruptedException {
        int cores = Runtime.getRuntime().availableProcessors();
        PhotoRenderer source = new PhotoRenderer(world);
        Inspection inspection = new Inspection(new InspectionLimits(Long.MAX_VALUE >>> 22, SHORTEST_SIDE), cores);
        StringBuilder index = new StringBuilder(Csv.row("path", "class")).append('\n');
        StringBuilder hashes = new StringBuilder(PhotoHashes.HEADER);
        ThreadFactory platform =
                Thread.ofPlatform().daemon().name("benchmark-", 0).factory();
        try (ExecutorService painters = Executors.newFixedThreadPool(cores, platform)) {
            try {
                List<Future<Row>> rows = IntStream.range(0, photos)
                        .mapToObj(i -> painters.submit(() -> draw(i, source, inspection, file)))
                        .toList();
                for (Future<Row> drawn : rows) {
                    Row row = drawn.get();
                    index.append(row.index());
                    hashes.append(row.hashes());
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException("the benchmark cannot be written: " + e.getCause(), e);
            } finally {
                painters.shutdownNow();
            }
        }
        file.accept(PhotoHashes.FILE, hashes.toString().getBytes(StandardCharsets.UTF_8));
        file.accept(INDEX, index.toString().getBytes(StandardCharsets.UTF_8));
        return photos;
    }

    private record Row(String index, String hashes) {}

    private Row draw(int number, PhotoRenderer source, Inspection inspection, BiConsumer<String, byte[]> file)
            throws InterruptedException {
        byte[] bytes = source.benchmarkPhoto(number);
        if (!(inspection.inspect(bytes) instanceof Photo photo)) {
            throw new IllegalStateException("the simulator drew something that is not a photo");
        }
        String path = "images/%05d.%s".formatted(number, photo.extension());
        file.accept(path, bytes);
        return new Row(Csv.row(path, world.benchmarkLabel(number)) + "\n", PhotoHashes.row(path, photo));
    }

    /** The media type of a path that {@link #write} gave out. */
    public static String mediaType(String path) {
        return switch (path.substring(path.lastIndexOf('.') + 1)) {
            case "csv" -> "text/csv";
            case "png" -> "image/png";
            default -> "image/jpeg";
        };
    }
}
