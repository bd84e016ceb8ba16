package dev.murmuration.evaluator.evaluation;

import dev.murmuration.evaluator.benchmark.Benchmark;
import dev.murmuration.evaluator.benchmark.BenchmarkLimits;
import dev.murmuration.evaluator.evaluation.BenchmarkPredictions.Odd;
import dev.murmuration.evaluator.measure.Prediction;
import dev.murmuration.evaluator.model.UnusableStudentException;
import dev.murmuration.photo.PhotoException;
import dev.murmuration.schemas.Sha256;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.student.Student;
import dev.murmuration.student.pixels.BatchPixels;
import dev.murmuration.student.pixels.Pixels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/** Shows a student the photos of a benchmark; the next batch is read and decoded while it works on the current one. */
public final class BenchmarkRun implements AutoCloseable {

    private final BenchmarkLimits limits;
    private final PixelCache cache;
    private final int batch;
    private final ExecutorService decoding;

    /**
     * Starts the threads.
     *
     * @param threads that read and decode
     * @param batch photos that are shown at once
     */
    public BenchmarkRun(BenchmarkLimits limits, PixelCache cache, int threads, int batch) {
        this.limits = limits;
        this.cache = cache;
        this.batch = batch;
        this.decoding = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("decode-", 0).factory());
    }

    /** Receives the progress of a run. */
    @FunctionalInterface
    public interface Listener {
        /** Called when so many further photos are done. */
        void advanced(int photos);
    }

    /**
     * Predicts every photo.
     *
     * @param stop asked before each batch
     * @throws UnusableStudentException if it answers with anything but probabilities
     * @throws CancellationException when told to stop
     */
    public BenchmarkPredictions examine(Student student, Benchmark benchmark, Listener listener, BooleanSupplier stop)
            throws UnusableStudentException {
        List<Optional<Prediction>> predictions = new ArrayList<>();
        List<Odd> odd = new ArrayList<>();
        List<Benchmark.Photo> photos = benchmark.photos();
        Pixels form = student.pixels();
        List<Future<Shown>> coming = read(form, benchmark, 0);
        while (predictions.size() < photos.size()) {
            if (stop.getAsBoolean()) {
                throw new CancellationException("stopped");
            }
            List<Future<Shown>> reading = coming;
            coming = read(form, benchmark, predictions.size() + reading.size());
            List<Shown> shown = reading.stream().map(BenchmarkRun::await).toList();
            predictions.addAll(predict(student, shown, odd));
            listener.advanced(shown.size());
        }
        return new BenchmarkPredictions(benchmark, predictions, odd);
    }

    /**
     * Decodes and squashes every photo, in the order of the index.
     *
     * @param stop asked before each batch
     * @throws CancellationException when told to stop
     */
    public void squash(
            Pixels form, Benchmark benchmark, SquashedPhotos.Writer writer, Listener listener, BooleanSupplier stop) {
        int done = 0;
        List<Future<Shown>> coming = read(form, benchmark, 0);
        while (done < benchmark.photos().size()) {
            if (stop.getAsBoolean()) {
                throw new CancellationException("stopped");
            }
            List<Future<Shown>> reading = coming;
            done += reading.size();
            coming = read(form, benchmark, done);
            for (Future<Shown> each : reading) {
                switch (await(each)) {
                    case Shown.Pictured(byte[] squashed) -> writer.photo(squashed);
                    case Shown.NotShown(Odd why) -> writer.odd(why);
                }
            }
            listener.advanced(reading.size());
        }
    }

    private sealed interface Shown {
        @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
        record Pictured(byte[] squashed) implements Shown {}

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
            return new Shown.Pictured(cached.get());
        }
        Fetched<byte[]> read = benchmark.files().read(photo.path(), limits.photoBytes());
        if (!(read instanceof Fetched.Found<byte[]>(byte[] bytes))
                || !Sha256.hex(bytes).equals(photo.sha256().get())) {
            return new Shown.NotShown(new Odd(photo.path(), "changed while the benchmark was being measured"));
        }
        try {
            byte[] squashed = form.squash(bytes);
            cache.offer(key, squashed);
            return new Shown.Pictured(squashed);
        } catch (PhotoException e) {
            return new Shown.NotShown(new Odd(photo.path(), String.valueOf(e.getMessage())));
        }
    }

    private static List<Optional<Prediction>> predict(Student student, List<Shown> shown, List<Odd> odd)
            throws UnusableStudentException {
        List<byte[]> pictures = new ArrayList<>();
        for (Shown one : shown) {
            switch (one) {
                case Shown.Pictured(byte[] squashed) -> pictures.add(squashed);
                case Shown.NotShown(Odd why) -> odd.add(why);
            }
        }
        float[][] probabilities = pictures.isEmpty()
                ? new float[0][]
                : student.predict(new BatchPixels.Bytes(pictures, student.pixels()));
        List<Optional<Prediction>> predictions = new ArrayList<>();
        int next = 0;
        for (Shown one : shown) {
            predictions.add(
                    one instanceof Shown.Pictured ? Optional.of(prediction(probabilities[next++])) : Optional.empty());
        }
        return predictions;
    }

    /**
     * The prediction in a row of the student's output.
     *
     * @throws UnusableStudentException if these are not probabilities
     */
    public static Prediction prediction(float[] probabilities) throws UnusableStudentException {
        try {
            return new Prediction(probabilities[0], probabilities[1], probabilities[2]);
        } catch (IllegalArgumentException e) {
            throw new UnusableStudentException("its answers are not probabilities: " + e.getMessage());
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
