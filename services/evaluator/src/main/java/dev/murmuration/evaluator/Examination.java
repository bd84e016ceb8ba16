package dev.murmuration.evaluator;

import dev.murmuration.evaluator.Answers.Odd;
import dev.murmuration.stage.Fetched;
import dev.murmuration.stage.ObjectStore;
import dev.murmuration.student.PhotoException;
import dev.murmuration.student.Pixels;
import dev.murmuration.student.Student;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/** Shows a student the photos of a benchmark: while it looks at one batch, the next is read and decoded on other threads. */
final class Examination implements AutoCloseable {

    private final Limits limits;
    private final PixelCache cache;
    private final int batch;
    private final ExecutorService decoding;

    /**
     * Starts the threads.
     *
     * @param threads that read and decode
     * @param batch photos that are shown at once
     */
    Examination(Limits limits, PixelCache cache, int threads, int batch) {
        this.limits = limits;
        this.cache = cache;
        this.batch = batch;
        this.decoding = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("decode-", 0).factory());
    }

    /** Hears how an examination goes. */
    @FunctionalInterface
    interface Listener {
        /** So many photos more are done. */
        void advanced(int photos);
    }

    /**
     * What the student says of every photo.
     *
     * @param stop asked before each batch
     * @throws UnusableStudentException if it answers with anything but probabilities
     * @throws CancellationException when told to stop
     */
    Answers examine(Student student, Benchmark benchmark, Listener listener, BooleanSupplier stop)
            throws UnusableStudentException {
        List<Optional<Prediction>> predictions = new ArrayList<>();
        List<Odd> odd = new ArrayList<>();
        List<Benchmark.Photo> photos = benchmark.photos();
        List<Future<Shown>> coming = read(student.pixels(), benchmark, 0);
        while (predictions.size() < photos.size()) {
            if (stop.getAsBoolean()) {
                throw new CancellationException("told to stop");
            }
            List<Future<Shown>> reading = coming;
            coming = read(student.pixels(), benchmark, predictions.size() + reading.size());
            List<Shown> shown = reading.stream().map(Examination::await).toList();
            predictions.addAll(predict(student, shown, odd));
            listener.advanced(shown.size());
        }
        return new Answers(benchmark, predictions, odd);
    }

    private sealed interface Shown {
        /** Not a record: arrays have no equality that one could mean. */
        final class Pictured implements Shown {
            private final float[] pixels;

            Pictured(float[] pixels) {
                this.pixels = pixels;
            }
        }

        record NotShown(Odd odd) implements Shown {}
    }

    private List<Future<Shown>> read(Pixels form, Benchmark benchmark, int from) {
        int to = Math.min(from + batch, benchmark.photos().size());
        return benchmark.photos().subList(Math.min(from, to), to).stream()
                .map(photo -> decoding.submit(() -> shown(form, benchmark, photo)))
                .toList();
    }

    private Shown shown(Pixels form, Benchmark benchmark, Benchmark.Photo photo) {
        if (photo.sha256().isEmpty()) {
            return new Shown.NotShown(new Odd(photo.path(), photo.problem()));
        }
        PixelCache.Key key = new PixelCache.Key(form, photo.sha256().get());
        Optional<byte[]> cached = cache.get(key);
        if (cached.isPresent()) {
            return new Shown.Pictured(form.of(cached.get(), false));
        }
        Fetched<byte[]> read = benchmark.files().read(photo.path(), limits.photoBytes());
        if (!(read instanceof Fetched.Found<byte[]>(byte[] bytes))
                || !ObjectStore.sha256(bytes).equals(photo.sha256().get())) {
            return new Shown.NotShown(new Odd(photo.path(), "changed while the benchmark was being measured"));
        }
        try {
            byte[] squashed = form.squash(bytes);
            cache.offer(key, squashed);
            return new Shown.Pictured(form.of(squashed, false));
        } catch (PhotoException e) {
            return new Shown.NotShown(new Odd(photo.path(), String.valueOf(e.getMessage())));
        }
    }

    private static List<Optional<Prediction>> predict(Student student, List<Shown> shown, List<Odd> odd)
            throws UnusableStudentException {
        List<float[]> pictures = new ArrayList<>();
        for (Shown one : shown) {
            switch (one) {
                case Shown.Pictured picture -> pictures.add(picture.pixels);
                case Shown.NotShown(Odd why) -> odd.add(why);
            }
        }
        float[][] probabilities = pictures.isEmpty() ? new float[0][] : student.predict(pictures);
        List<Optional<Prediction>> predictions = new ArrayList<>();
        int next = 0;
        for (Shown one : shown) {
            predictions.add(
                    one instanceof Shown.Pictured ? Optional.of(prediction(probabilities[next++])) : Optional.empty());
        }
        return predictions;
    }

    static Prediction prediction(float[] probabilities) throws UnusableStudentException {
        try {
            return new Prediction(probabilities[0], probabilities[1], probabilities[2]);
        } catch (IllegalArgumentException e) {
            throw new UnusableStudentException("its answers are no probabilities: " + e.getMessage());
        }
    }

    private static Shown await(Future<Shown> reading) {
        try {
            return reading.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException runtime ? runtime : new IllegalStateException(e.getCause());
        }
    }

    /** Ends the threads. */
    @Override
    public void close() {
        decoding.shutdownNow();
    }
}
