package dev.murmuration.stage.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a store that answers only once as many requests are there as may be. */
class StoreClientTest {

    private static final int PUTS = 24;

    private final Semaphore arrived = new Semaphore(0);
    private final CountDownLatch answers = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), PUTS);
        server.createContext("/", this::answer);
    }

    @AfterEach
    void stop() {
        answers.countDown();
        server.stop(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, PUTS})
    void asManyPutsAreInFlightAsTheSettingSays(int maxRequests) throws Exception {
        try (ExecutorService serving = Executors.newVirtualThreadPerTaskExecutor();
                ExecutorService putting = Executors.newVirtualThreadPerTaskExecutor()) {
            server.setExecutor(serving);
            server.start();
            ObjectStore store = new ObjectStore(TestStoreSettings.at(
                            "http://localhost:" + server.getAddress().getPort())
                    .withMaxRequests(maxRequests));

            for (int i = 0; i < PUTS; i++) {
                String key = "images/" + i;
                putting.execute(() -> store.put(key, new byte[] {1}, "image/jpeg"));
            }

            boolean all = arrived.tryAcquire(maxRequests, 20, TimeUnit.SECONDS);
            boolean more = arrived.tryAcquire(1, 200, TimeUnit.MILLISECONDS);
            answers.countDown();
            assertThat(all).as("%d at once", maxRequests).isTrue();
            assertThat(more).as("more than %d at once", maxRequests).isFalse();
        }
    }

    /** With Nagle's algorithm each waits for the store's delayed acknowledgement, 40 ms. */
    @Test
    void aPutOfSeveralWritesDoesNotWaitForAcknowledgements() {
        answers.countDown();
        server.start();
        ObjectStore store = new ObjectStore(
                TestStoreSettings.at("http://localhost:" + server.getAddress().getPort()));
        byte[] photo = new byte[20_000];
        long fastest = Long.MAX_VALUE;

        for (int i = 0; i < 60; i++) {
            long start = System.nanoTime();
            store.put("images/" + i, photo, "image/jpeg");
            if (i >= 40) { // a new connection acknowledges at once for a while
                fastest = Math.min(fastest, System.nanoTime() - start);
            }
        }

        assertThat(fastest / 1e6).isLessThan(35);
    }

    private void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        arrived.release();
        try {
            answers.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        exchange.getResponseHeaders().set("ETag", "\"0\"");
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }
}
