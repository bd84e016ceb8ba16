package dev.murmuration.crawler.photo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PixelThreadsTest {

    private final PixelThreads threads = new PixelThreads(2);

    @Test
    void keepsVirtualThreadsAwayFromPixels() throws Exception {
        try (ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
            boolean worksOnVirtual = virtual.submit(
                            () -> threads.call(() -> Thread.currentThread().isVirtual()))
                    .get();

            assertThat(worksOnVirtual).isFalse();
        }
    }

    @Test
    void worksOnAsManyAtOnceAsItWasGivenAndNoMore() throws Exception {
        AtomicInteger working = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch two = new CountDownLatch(2);
        List<Future<Integer>> all = new ArrayList<>();
        try (ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                all.add(virtual.submit(() -> threads.call(() -> {
                    most.accumulateAndGet(working.incrementAndGet(), Math::max);
                    two.countDown();
                    // The first can only go on once a second one works beside it.
                    two.await();
                    return working.decrementAndGet();
                })));
            }
        }

        assertThat(all).allSatisfy(done -> assertThat(done.state()).isEqualTo(Future.State.SUCCESS));
        assertThat(most).hasValue(2);
    }

    @Test
    void throwsWhatTheWorkThrew() {
        assertThatThrownBy(() -> threads.call(() -> {
                    throw new IOException("cut short");
                }))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("cut short");
    }
}
