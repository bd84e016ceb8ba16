package dev.murmuration.crawler;

import static org.assertj.core.api.Assertions.assertThat;

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

        try (ByteBudget.Lease first = budget.take(1 << 20)) {
            Thread second = Thread.startVirtualThread(() -> take(budget, 600_000, took));
            assertThat(took.await(50, TimeUnit.MILLISECONDS)).isFalse();
            first.shrinkTo(400_000);
            assertThat(took.await(10, TimeUnit.SECONDS)).isTrue();
            second.join();
        }
        try (ByteBudget.Lease all = budget.take(1 << 20)) {
            assertThat(all).isNotNull();
        }
    }

    @Test
    void moreThanEverythingIsEverything() throws InterruptedException {
        ByteBudget budget = new ByteBudget(1 << 20);

        try (ByteBudget.Lease lease = budget.take(1L << 30)) {
            assertThat(lease).isNotNull();
        }
    }

    private static void take(ByteBudget budget, long bytes, CountDownLatch took) {
        try (ByteBudget.Lease lease = budget.take(bytes)) {
            assertThat(lease).isNotNull();
            took.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
