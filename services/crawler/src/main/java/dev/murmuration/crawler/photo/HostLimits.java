package dev.murmuration.crawler.photo;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Limits concurrent fetches, per host and in all. Waiting for a slow host does not delay fetches from other hosts. Unused hosts
 * are forgotten.
 */
final class HostLimits {

    private static final class Host {
        final Semaphore turns;
        int users;

        Host(int parallel) {
            turns = new Semaphore(parallel, true);
        }
    }

    /** Permission for one fetch; closing it returns it. */
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    private final Semaphore all;
    private final int perHost;

    @GuardedBy("this")
    private final Map<String, Host> hosts = new HashMap<>();

    HostLimits(int all, int perHost) {
        this.all = new Semaphore(all, true);
        this.perHost = perHost;
    }

    /** Waits for a turn at this host. */
    Turn await(String name) throws InterruptedException {
        Host host = use(name);
        try {
            host.turns.acquire();
            try {
                all.acquire();
            } catch (InterruptedException e) {
                host.turns.release();
                throw e;
            }
        } catch (InterruptedException e) {
            leave(name, host);
            throw e;
        }
        return () -> {
            all.release();
            host.turns.release();
            leave(name, host);
        };
    }

    private synchronized Host use(String name) {
        Host host = hosts.computeIfAbsent(name, unused -> new Host(perHost));
        host.users++;
        return host;
    }

    private synchronized void leave(String name, Host host) {
        host.users--;
        if (host.users == 0) {
            hosts.remove(name);
        }
    }

    synchronized int hosts() {
        return hosts.size();
    }
}
