package dev.murmuration.crawler.examine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ByteBudgetTest {

    @Test
    void whatDoesNotFitWaitsUntilSomethingShrinks() throws InterruptedException {
        ByteBudget budget = new ByteBudget(1 << 20);
        CountDownLatch took = new CountDownLatch(1);

        try (ByteBudget.Lease first = budget.lease()) {
            first.reserve(1 << 20);
            Thread second = Thread.startVirtualThread(() -> take(budget, 600_000, took));
            assertThat(took.await(50, TimeUnit.MILLISECONDS)).isFalse();
            first.shrinkTo(400_000);
            assertThat(took.await(10, TimeUnit.SECONDS)).isTrue();
            second.join();
        }
        try (ByteBudget.Lease all = budget.lease()) {
            all.reserve(1 << 20);
        }
    }

    @Test
    void moreThanEverythingIsEverything() throws InterruptedException {
        ByteBudget budget = new ByteBudget(1 << 20);

        CountDownLatch took = new CountDownLatch(1);
        Thread second;
        try (ByteBudget.Lease lease = budget.lease()) {
            lease.reserve(1L << 30);
            second = Thread.startVirtualThread(() -> take(budget, 1, took));
            assertThat(took.await(50, TimeUnit.MILLISECONDS)).isFalse();
        }
        second.join();
        assertThat(took.getCount()).isZero();
    }

    @Test
    void nobodyReservesTwice() throws InterruptedException {
        try (ByteBudget.Lease lease = new ByteBudget(1 << 20).lease()) {
            lease.reserve(1);
            assertThatThrownBy(() -> lease.reserve(1)).isInstanceOf(IllegalStateException.class);
        }
    }

    private static void take(ByteBudget budget, long bytes, CountDownLatch took) {
        try (ByteBudget.Lease lease = budget.lease()) {
            lease.reserve(bytes);
            took.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
