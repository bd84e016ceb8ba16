package dev.murmuration.evaluator.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DecoderPoolTest {

    private static final long TIMEOUT = 60;

    @Test
    void decodesOthersWhileTwoPhotosTakeLong() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch others = new CountDownLatch(6);
        try (DecoderPool decoders = new DecoderPool(2, Duration.ofMillis(20), 100)) {
            for (int i = 0; i < 2; i++) {
                decoders.execute(() -> {
                    begun.countDown();
                    await(end);
                });
            }
            assertThat(begun.await(TIMEOUT, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 6; i++) {
                decoders.execute(others::countDown);
            }

            assertThat(others.await(TIMEOUT, TimeUnit.SECONDS)).isTrue();
            end.countDown();
        }
    }

    @Test
    void makesTheNextWaitWhenTwiceAsManyTakeLong() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(4);
        CountDownLatch next = new CountDownLatch(1);
        try (DecoderPool decoders = new DecoderPool(2, Duration.ofMillis(1), 100)) {
            for (int i = 0; i < 4; i++) {
                decoders.execute(() -> {
                    begun.countDown();
                    await(end);
                });
            }
            assertThat(begun.await(TIMEOUT, TimeUnit.SECONDS)).isTrue();
            decoders.execute(next::countDown);
            boolean wasHeldBack = next.getCount() == 1;

            end.countDown();

            assertThat(wasHeldBack).isTrue();
            assertThat(next.await(TIMEOUT, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(TIMEOUT, TimeUnit.SECONDS)) {
                throw new IllegalStateException("never let go");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
