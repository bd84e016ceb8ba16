package dev.murmuration.evaluator.serve;

import dev.murmuration.evaluator.evaluation.BenchmarkRun;
import dev.murmuration.evaluator.map.Classifier;
import dev.murmuration.evaluator.measure.Prediction;
import dev.murmuration.evaluator.model.UnusableStudentException;
import dev.murmuration.photo.PhotoDecoder;
import dev.murmuration.student.pixels.Pixels;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Batches the photos of concurrent requests. A few threads decode them; while the student works on one batch, the photos decoded meanwhile
 * form the next. A single photo is not delayed to fill a batch, and the number of pending photos is limited.
 */
final class RequestBatcher implements AutoCloseable {

    private final Classifier student;
    private final Pixels form;
    private final Limits limits;
    private final PhotoDecoder admission;
    private final DecoderPool decoders;
    private final BlockingQueue<Waiting> waiting;
    private final AtomicInteger taken = new AtomicInteger();
    private final Thread looking;
    private volatile boolean closed;

    /**
     * Limits of a batcher.
     *
     * @param photos in the queue at most
     * @param batch photos that are shown at once at most
     * @param decoders threads that decode
     * @param slowAfter how long a photo may be decoded before another thread takes the place of its own
     * @param minSide of a photo in pixels
     * @param maxPixels of a photo
     */
    record Limits(int photos, int batch, int decoders, Duration slowAfter, int minSide, long maxPixels) {}

    /** Not a record, because arrays have no useful equality. */
    private static final class Waiting {
        private final float[] pixels;
        private final CompletableFuture<Prediction> answer;

        Waiting(float[] pixels, CompletableFuture<Prediction> answer) {
            this.pixels = pixels;
            this.answer = answer;
        }
    }

    /** Thrown when the queue is full; the client should retry. */
    static final class FullException extends Exception {
        private static final long serialVersionUID = 1L;

        FullException(int photos) {
            super(photos + " photos are waiting already");
        }
    }

    /** Starts the thread that runs the student; decoder threads start when needed. */
    RequestBatcher(Classifier student, Pixels form, Limits limits) {
        this.student = student;
        this.form = form;
        this.limits = limits;
        this.admission = new PhotoDecoder(dev.murmuration.photo.Limits.of(limits.maxPixels(), limits.minSide()));
        this.waiting = new ArrayBlockingQueue<>(limits.photos());
        this.decoders = new DecoderPool(limits.decoders(), limits.slowAfter(), limits.photos());
        this.looking = Thread.ofPlatform().daemon().name("desk-look").start(this::look);
    }

    /**
     * Submits photos, all of them or none.
     *
     * @return for each its prediction, or an {@link IOException} that says why it cannot be shown; one that is cancelled before
     *     it is decoded never is
     * @throws FullException if they do not fit
     */
    List<CompletableFuture<Prediction>> ask(List<byte[]> photos) throws FullException {
        if (taken.addAndGet(photos.size()) > limits.photos()) {
            taken.addAndGet(-photos.size());
            throw new FullException(limits.photos());
        }
        List<CompletableFuture<Prediction>> answers = new ArrayList<>();
        for (byte[] photo : photos) {
            CompletableFuture<Prediction> answer = new CompletableFuture<>();
            CompletableFuture<Prediction> counted = answer.whenComplete((done, failed) -> taken.decrementAndGet());
            try {
                decoders.execute(() -> decode(photo, answer, counted));
            } catch (RejectedExecutionException e) {
                answer.completeExceptionally(new IOException("closed", e));
            }
            answers.add(counted);
        }
        return answers;
    }

    /** Number of photos that wait or are being processed. */
    int taken() {
        return taken.get();
    }

    /** Number of decoded photos that wait for the student. */
    int waiting() {
        return waiting.size();
    }

    private void decode(byte[] photo, CompletableFuture<Prediction> answer, CompletableFuture<Prediction> asked) {
        try {
            if (asked.isCancelled()) {
                answer.cancel(false);
                return;
            }
            admission.open(photo);
            waiting.put(new Waiting(form.of(form.squash(photo), false), answer));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.completeExceptionally(new IOException("closed", e));
        } catch (OutOfMemoryError e) { // this photo's: the next one may need less
            answer.completeExceptionally(new IOException("needs more memory than is available", e));
        } catch (IOException | RuntimeException e) { // every photo must be answered
            answer.completeExceptionally(e);
        }
    }

    private void look() {
        List<Waiting> batch = new ArrayList<>();
        while (!closed) {
            try {
                batch.add(waiting.take());
                waiting.drainTo(batch, limits.batch() - 1);
                float[][] scores =
                        student.predict(batch.stream().map(one -> one.pixels).toList());
                for (int i = 0; i < batch.size(); i++) {
                    batch.get(i).answer.complete(BenchmarkRun.prediction(scores[i]));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            } catch (UnusableStudentException | RuntimeException e) { // fails this batch; the next one runs
                batch.forEach(one -> one.answer.completeExceptionally(e));
            }
            batch.clear();
        }
        batch.forEach(one -> one.answer.completeExceptionally(new IOException("closed")));
        waiting.forEach(one -> one.answer.completeExceptionally(new IOException("closed")));
    }

    /** Stops and fails all pending photos. No photos may be submitted concurrently. */
    @Override
    public void close() {
        closed = true;
        decoders.close();
        looking.interrupt();
        try {
            looking.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
