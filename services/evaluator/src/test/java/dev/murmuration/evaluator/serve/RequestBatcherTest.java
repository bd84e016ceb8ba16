package dev.murmuration.evaluator.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.murmuration.evaluator.BrightnessStudent;
import dev.murmuration.evaluator.map.Classifier;
import dev.murmuration.evaluator.measure.Prediction;
import dev.murmuration.student.pixels.Pixels;
import dev.murmuration.student.pixels.Resize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequestBatcherTest {

    private static final Pixels FORM = Pixels.positive(16, Resize.TF_BILINEAR);
    private static final RequestBatcher.Limits LIMITS =
            new RequestBatcher.Limits(10, 4, 2, Duration.ofSeconds(1), 32, 1_000_000);
    private static final long TIMEOUT = 60;

    private final List<Integer> batches = new CopyOnWriteArrayList<>();
    private final CountDownLatch looking = new CountDownLatch(1);
    private final CountDownLatch seen = new CountDownLatch(1);

    /** Looks at its first batch until it is let go. */
    private final Classifier slow = pictures -> {
        batches.add(pictures.size());
        looking.countDown();
        try {
            if (!seen.await(TIMEOUT, TimeUnit.SECONDS)) {
                throw new IllegalStateException("never let go");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return brightness(pictures);
    };

    private static float[][] brightness(List<float[]> pictures) {
        return pictures.stream()
                .map(pixels -> new float[] {1 - pixels[0], 0, pixels[0]})
                .toArray(float[][]::new);
    }

    @Test
    void looksAtALonelyPhotoAtOnce() throws Exception {
        try (RequestBatcher desk = new RequestBatcher(RequestBatcherTest::brightness, FORM, LIMITS)) {
            Prediction dark =
                    get(desk.ask(List.of(BrightnessStudent.photo(0, 0))).getFirst());

            assertThat(dark.mostProbable().toString()).isEqualTo("negative");
        }
    }

    @Test
    void looksTogetherAtWhatCameMeanwhileAndNeverAtMoreThanABatch() throws Exception {
        try (RequestBatcher desk = new RequestBatcher(slow, FORM, LIMITS)) {
            List<CompletableFuture<Prediction>> first = desk.ask(List.of(BrightnessStudent.photo(2, 0)));
            assertThat(looking.await(TIMEOUT, TimeUnit.SECONDS)).isTrue();
            List<CompletableFuture<Prediction>> later = desk.ask(IntStream.range(0, 6)
                    .mapToObj(i -> BrightnessStudent.photo(i % 2 * 2, i))
                    .toList());
            awaitWaiting(desk, 6);

            seen.countDown();

            assertThat(get(first.getFirst()).positive()).isGreaterThan(.5);
            for (int i = 0; i < 6; i++) {
                assertThat(get(later.get(i)).positive() > .5).isEqualTo(i % 2 == 1);
            }
            assertThat(batches).containsExactly(1, 4, 2);
        }
    }

    @Test
    void takesAllPhotosOfARequestOrNoneWhereTheyDoNotFit() throws Exception {
        try (RequestBatcher desk = new RequestBatcher(slow, FORM, LIMITS)) {
            List<CompletableFuture<Prediction>> first = desk.ask(photos(9));

            assertThatThrownBy(() -> desk.ask(photos(2)))
                    .isInstanceOf(RequestBatcher.FullException.class)
                    .hasMessageContaining("10 photos are waiting");
            List<CompletableFuture<Prediction>> tenth = desk.ask(photos(1));

            seen.countDown();
            for (CompletableFuture<Prediction> one : first) {
                get(one);
            }
            get(tenth.getFirst());
            assertThat(desk.taken()).isZero();
            assertThat(desk.ask(photos(10))).hasSize(10);
        }
    }

    @Test
    void answersThatAPhotoCannotBeShownAndShowsTheOthers() throws Exception {
        try (RequestBatcher desk = new RequestBatcher(RequestBatcherTest::brightness, FORM, LIMITS)) {
            List<CompletableFuture<Prediction>> answers = desk.ask(List.of(
                    "not an image at all".getBytes(StandardCharsets.US_ASCII),
                    BrightnessStudent.photo(2, 0),
                    new byte[0]));

            assertThatThrownBy(() -> get(answers.get(0)))
                    .cause()
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("neither JPEG, PNG, WebP nor GIF");
            assertThat(get(answers.get(1)).positive()).isGreaterThan(.5);
            assertThatThrownBy(() -> get(answers.get(2))).cause().isInstanceOf(IOException.class);
        }
    }

    @Test
    void refusesSizesByTheHeaderBeforeAnythingIsDecoded() throws Exception {
        RequestBatcher.Limits small = new RequestBatcher.Limits(10, 4, 2, Duration.ofSeconds(1), 32, 64 * 64 - 1);
        try (RequestBatcher desk = new RequestBatcher(RequestBatcherTest::brightness, FORM, small)) {
            assertThatThrownBy(() ->
                            get(desk.ask(List.of(BrightnessStudent.photo(2, 0))).getFirst()))
                    .cause()
                    .hasMessageContaining("64 x 64 pixels, more than 4095");
        }
    }

    @Test
    void tellsThoseWhoAskedWhenTheStudentFailsAndLooksAtTheNext() throws Exception {
        CountDownLatch once = new CountDownLatch(1);
        Classifier failing = pictures -> {
            if (once.getCount() > 0) {
                once.countDown();
                throw new IllegalStateException("out of memory on the device");
            }
            return brightness(pictures);
        };
        try (RequestBatcher desk = new RequestBatcher(failing, FORM, LIMITS)) {
            assertThatThrownBy(() -> get(desk.ask(photos(1)).getFirst()))
                    .cause()
                    .hasMessageContaining("out of memory on the device");
            assertThat(get(desk.ask(photos(1)).getFirst()).positive()).isGreaterThan(.5);
        }
    }

    private static List<byte[]> photos(int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> BrightnessStudent.photo(2, i))
                .toList();
    }

    /** Until so many photos are decoded and wait. */
    private static void awaitWaiting(RequestBatcher desk, int photos) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT);
        while (desk.waiting() < photos) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(desk.waiting() + " wait, not " + photos);
            }
            Thread.onSpinWait();
        }
    }

    private static Prediction get(CompletableFuture<Prediction> answer) throws Exception {
        return answer.get(TIMEOUT, TimeUnit.SECONDS);
    }
}
