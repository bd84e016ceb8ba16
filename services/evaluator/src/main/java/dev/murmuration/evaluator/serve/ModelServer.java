package dev.murmuration.evaluator.serve;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.murmuration.evaluator.EvaluatorFactory;
import dev.murmuration.evaluator.EvaluatorSettings;
import dev.murmuration.evaluator.map.Attention;
import dev.murmuration.evaluator.map.Explainer;
import dev.murmuration.evaluator.map.MapKind;
import dev.murmuration.evaluator.measure.Prediction;
import dev.murmuration.evaluator.model.Folders;
import dev.murmuration.evaluator.model.ModelNames;
import dev.murmuration.evaluator.model.ResolvedStudent;
import dev.murmuration.evaluator.model.StudentIdentity;
import dev.murmuration.evaluator.model.TopicAnnouncements;
import dev.murmuration.evaluator.model.UnusableStudentException;
import dev.murmuration.photo.Limits;
import dev.murmuration.photo.PhotoDecoder;
import dev.murmuration.stage.settings.SettingException;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.student.Student;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/** Serves the student that a name stands for: loaded at the first request, replaced when the name stands for another one. */
@ApplicationScoped
class ModelServer {

    private static final Logger LOG = Logger.getLogger(ModelServer.class);
    private static final String PREFIX = "evaluator.serve.";
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration SLOW = Duration.ofSeconds(1);
    private static final String IDLE_TIMEOUT = "quarkus.http.idle-timeout";

    private final EvaluatorSettings settings;
    private final EvaluatorFactory workbench;
    private final ObjectStore store;
    private final ReadWriteLock exchange = new ReentrantReadWriteLock();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final Semaphore maps;

    @GuardedBy("exchange")
    private Optional<Served> served = Optional.empty();

    @GuardedBy("looking")
    private Optional<String> failure = Optional.empty();

    private volatile long lookedAt;

    @Inject
    ModelServer(EvaluatorSettings settings, EvaluatorFactory workbench, ObjectStore store) {
        this.settings = settings;
        this.workbench = workbench;
        this.store = store;
        this.maps = new Semaphore(settings.serve().maps());
    }

    void check(@Observes @Priority(0) StartupEvent event) {
        shorterThanIdleTimeout(settings.serve().timeout());
    }

    /** An idle connection is closed, even while a response is pending. */
    private static void shorterThanIdleTimeout(Duration timeout) {
        Duration idle = ConfigProvider.getConfig()
                .getOptionalValue(IDLE_TIMEOUT, Duration.class)
                .orElse(Duration.ofMinutes(30));
        if (timeout.compareTo(Duration.ZERO) <= 0 || timeout.compareTo(idle) >= 0) {
            throw new SettingException(
                    PREFIX + "timeout",
                    timeout,
                    "must be more than 0 and less than %s = %s".formatted(IDLE_TIMEOUT, idle));
        }
    }

    /**
     * The result for one photo.
     *
     * @param prediction empty if there is none
     * @param problem why not
     * @param refused whether the photo is the cause, not the service
     */
    record Answer(Optional<Prediction> prediction, String problem, boolean refused) {}

    /**
     * The results for the photos of a request.
     *
     * @param student which one answered
     */
    record Answers(StudentIdentity student, List<Answer> photos) {}

    /** Predicts the class probabilities of photos. */
    Answers predict(List<byte[]> photos) throws UnavailableException {
        return with(now -> {
            try {
                long deadline = System.nanoTime() + settings.serve().timeout().toNanos();
                List<CompletableFuture<Prediction>> asked = now.desk.ask(photos);
                return new Answers(
                        now.student,
                        asked.stream().map(one -> answer(one, deadline)).toList());
            } catch (RequestBatcher.FullException e) {
                throw new UnavailableException(String.valueOf(e.getMessage()));
            }
        });
    }

    /**
     * Draws a map.
     *
     * @throws IOException if the photo cannot be shown
     */
    Explainer.Explained explain(byte[] photo, MapKind kind, int finer) throws UnavailableException, IOException {
        if (!maps.tryAcquire()) {
            throw new UnavailableException("%s%s = %d maps are being drawn already"
                    .formatted(PREFIX, "maps", settings.serve().maps()));
        }
        CompletableFuture<Explainer.Explained> drawing = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("map").start(() -> {
            try {
                new PhotoDecoder(Limits.of(
                                settings.serve().maxPixels(), settings.serve().minSide()))
                        .open(photo);
                drawing.complete(withIo(now -> now.explainer.explain(photo, kind, finer, false)));
            } catch (OutOfMemoryError e) { // this photo's: the next one may need less
                drawing.completeExceptionally(new IOException("needs more memory than is available", e));
            } catch (UnavailableException | IOException | RuntimeException e) { // reported to the caller
                drawing.completeExceptionally(e);
            } finally {
                maps.release();
            }
        });
        return drawn(drawing);
    }

    /** A late map is still finished and occupies its slot until then. */
    private Explainer.Explained drawn(CompletableFuture<Explainer.Explained> drawing)
            throws UnavailableException, IOException {
        try {
            return drawing.get(settings.serve().timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted");
        } catch (TimeoutException e) {
            throw new UnavailableException(late());
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException refusal -> throw refusal;
                case UnavailableException unavailable -> throw unavailable;
                case null, default -> throw new IllegalStateException("a map could not be drawn", e);
            }
        }
    }

    private String late() {
        return "no answer within %stimeout = %s"
                .formatted(PREFIX, settings.serve().timeout());
    }

    private Answer answer(CompletableFuture<Prediction> asked, long deadline) {
        try {
            long timeout = Math.max(0, deadline - System.nanoTime());
            return new Answer(Optional.of(asked.get(timeout, TimeUnit.NANOSECONDS)), "", false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(Optional.empty(), "interrupted", false);
        } catch (TimeoutException e) {
            asked.cancel(false);
            return new Answer(Optional.empty(), late(), false);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException refusal) {
                return new Answer(Optional.empty(), String.valueOf(refusal.getMessage()), true);
            }
            LOG.warnf(e.getCause(), "a photo could not be processed");
            return new Answer(Optional.empty(), "could not be processed; the log says why", false);
        }
    }

    private interface Work<T, E extends Exception> {
        T with(Served served) throws UnavailableException, E;
    }

    private <T> T with(Work<T, RuntimeException> work) throws UnavailableException {
        try {
            return withIo(work::with);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T> T withIo(Work<T, IOException> work) throws UnavailableException, IOException {
        ready();
        exchange.readLock().lock();
        try {
            Served now = served.orElseThrow(() -> new UnavailableException("no student"));
            return work.with(now);
        } finally {
            exchange.readLock().unlock();
        }
    }

    /** Loads the first student while the request waits, and later ones in the background. */
    private void ready() throws UnavailableException {
        if (!settings.serve().enabled()) {
            throw new UnavailableException(PREFIX + "enabled is false");
        }
        boolean due = System.nanoTime() - lookedAt > settings.serve().refresh().toNanos();
        boolean none = isNone();
        if (!due && !none) {
            return;
        }
        if (none) {
            synchronized (looking) {
                if (isNone()) {
                    lookAgainAfterAPause();
                }
            }
        } else if (looking.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon().name("serving-look").start(() -> {
                try {
                    look();
                } catch (UnavailableException | RuntimeException e) { // the current student continues to serve
                    LOG.warnf("still serving the student before: %s", e.getMessage());
                } finally {
                    looking.set(false);
                }
            });
        }
    }

    /** Not every request retries a store that does not answer. */
    @GuardedBy("looking")
    private void lookAgainAfterAPause() throws UnavailableException {
        if (failure.isPresent() && System.nanoTime() - lookedAt < PAUSE.toNanos()) {
            throw new UnavailableException(failure.get());
        }
        try {
            look();
            failure = Optional.empty();
        } catch (UnavailableException e) {
            failure = Optional.of(String.valueOf(e.getMessage()));
            lookedAt = System.nanoTime();
            throw e;
        }
    }

    private boolean isNone() {
        exchange.readLock().lock();
        try {
            return served.isEmpty();
        } finally {
            exchange.readLock().unlock();
        }
    }

    private void look() throws UnavailableException {
        String model = settings.serve().model();
        lookedAt = System.nanoTime();
        try {
            Path temporary = workbench.workFolder().make("serving");
            boolean kept = false;
            try {
                ModelNames names = new ModelNames(
                        () -> store, new TopicAnnouncements(ConfigProvider.getConfig()), workbench.archive());
                ResolvedStudent resolved = names.resolved(model, temporary);
                if (isServed(resolved.identity())) {
                    return;
                }
                exchange(new Served(resolved, temporary));
                kept = true;
                LOG.infof("serving %s", resolved.identity());
            } finally {
                if (!kept) {
                    Folders.delete(temporary);
                }
            }
        } catch (UnusableStudentException | IOException e) {
            throw new UnavailableException("%smodel = %s: %s".formatted(PREFIX, model, e.getMessage()));
        } catch (SettingException e) { // a broker or a store that is away: for requests no reason to end the service
            throw new UnavailableException(String.valueOf(e.getMessage()));
        }
    }

    private boolean isServed(StudentIdentity identity) {
        exchange.readLock().lock();
        try {
            return served.map(now -> now.student.equals(identity)).orElse(false);
        } finally {
            exchange.readLock().unlock();
        }
    }

    private void exchange(Served next) {
        swapped(Optional.of(next)).ifPresent(Served::close);
    }

    void stop(@Observes ShutdownEvent event) {
        swapped(Optional.empty()).ifPresent(Served::close);
    }

    /** Waits until no request uses the current student; returns the previous one. */
    private Optional<Served> swapped(Optional<Served> next) {
        exchange.writeLock().lock();
        try {
            Optional<Served> before = served;
            served = next;
            return before;
        } finally {
            exchange.writeLock().unlock();
        }
    }

    /** A loaded student and the resources that belong to it. */
    private final class Served {
        private final StudentIdentity student;
        private final Path folder;
        private final Path temporary;
        private final Student loaded;
        private final RequestBatcher desk;
        private final Explainer explainer;

        @GuardedBy("this")
        private Optional<Attention> attention = Optional.empty();

        Served(ResolvedStudent resolved, Path temporary) throws IOException {
            this.student = resolved.identity();
            this.folder = resolved.folder();
            this.temporary = temporary;
            this.loaded = Student.load(folder, workbench.device(), workbench.precision());
            EvaluatorSettings.Serve serve = settings.serve();
            this.desk = new RequestBatcher(
                    loaded::predict,
                    loaded.pixels(),
                    new RequestBatcher.Limits(
                            serve.queue(),
                            settings.batch(),
                            serve.decoders(),
                            SLOW,
                            serve.minSide(),
                            serve.maxPixels()));
            this.explainer = new Explainer(loaded, settings.batch(), this::attention);
        }

        private synchronized Attention attention() {
            if (attention.isEmpty()) {
                try {
                    attention = Optional.of(Attention.load(folder, workbench.device()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return attention.get();
        }

        synchronized void close() {
            desk.close();
            attention.ifPresent(Attention::close);
            loaded.close();
            try {
                Folders.delete(temporary);
            } catch (IOException e) {
                LOG.warnf("%s stays: %s", temporary, e.getMessage());
            }
        }
    }
}
