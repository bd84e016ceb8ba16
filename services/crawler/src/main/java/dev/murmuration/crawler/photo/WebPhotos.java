package dev.murmuration.crawler.photo;

import dev.murmuration.crawler.photo.HostLimits.Turn;
import dev.murmuration.crawler.photo.Refusal.Reason;
import dev.murmuration.crawler.robots.ContentUsage;
import dev.murmuration.crawler.robots.RobotsAnswer;
import dev.murmuration.crawler.robots.RobotsFiles;
import dev.murmuration.crawler.robots.RobotsTag;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Fetches photos over http and https from a hostile internet. A name is resolved once, its addresses are checked, and the
 * connection goes to one of exactly these, so that a name server cannot give different addresses to the check and to the
 * connection; each redirect is checked again. Size and time limits hold while the body is read, whatever its headers claim. A
 * request to a server that is busy or breaks the connection is repeated within the same time limit, and a host that keeps doing
 * so is not contacted for a while. What a site says in robots.txt and in headers against the use of a photo is honoured. No proxy,
 * no cookies, no credentials, no compression. Safe for use by many threads.
 */
public final class WebPhotos implements PhotoSource, AutoCloseable {

    private static final int IDLE_CONNECTIONS = 32;
    private static final int IDLE_SECONDS = 30;
    // As many as RFC 9309 asks for.
    private static final int ROBOTS_REDIRECTS = 5;
    // Too many requests, bad gateway, unavailable, gateway timeout.
    private static final Set<Integer> BUSY = Set.of(429, 502, 503, 504);

    private final WebLimits limits;
    private final AddressPolicy addresses;
    private final AddressPolicy.Resolver resolver;
    private final HostLimits hosts;
    private final CircuitBreakers breakers;
    private final OkHttpClient client;
    private final ScheduledThreadPoolExecutor timer;
    private final Optional<RobotsFiles> robots;

    /** Fetches within these limits, from addresses that the policy allows. */
    public WebPhotos(WebLimits limits, AddressPolicy addresses, AddressPolicy.Resolver resolver) {
        this.limits = limits;
        this.addresses = addresses;
        this.resolver = resolver;
        this.hosts = new HostLimits(limits.parallel(), limits.parallelPerHost());
        this.breakers = new CircuitBreakers(
                limits.retries().refusals(), limits.retries().rest(), System::nanoTime);
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("fetch-timer").factory());
        timer.setRemoveOnCancelPolicy(true);
        this.client = new OkHttpClient.Builder()
                .dns(this::checkedAddresses)
                .proxy(Proxy.NO_PROXY)
                .cookieJar(CookieJar.NO_COOKIES)
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(true)
                .connectTimeout(limits.timeout())
                .readTimeout(limits.timeout())
                .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, IDLE_SECONDS, TimeUnit.SECONDS))
                .build();
        this.robots = limits.robotsTxt()
                .map(files -> new RobotsFiles(
                        this::robotsTxt, limits.agent(), limits.contentUsage(), files, Clock.systemUTC()));
    }

    /** An address that the policy forbids. */
    private static final class BlockedAddressException extends UnknownHostException {
        private static final long serialVersionUID = 1;

        BlockedAddressException(String host) {
            super(host + " has an address that is not public");
        }
    }

    private List<InetAddress> checkedAddresses(String host) throws UnknownHostException {
        List<InetAddress> found = resolver.resolve(host);
        // One bad address condemns the name: a host of ours beside a public one is an attack, not an accident.
        if (!found.stream().allMatch(addresses::allows)) {
            throw new BlockedAddressException(host);
        }
        return found;
    }

    @Override
    public Fetched fetch(String url, Room room) throws InterruptedException {
        return fetch(url, room, limits.redirects(), this::photo, this::askRobots);
    }

    /** Reads a response that is neither a redirect nor one of a busy server. */
    @FunctionalInterface
    private interface Reader {
        Fetched read(Response response, HttpUrl url, Attempt attempt, Countdown countdown)
                throws IOException, InterruptedException;
    }

    /** Whether an address may be requested. */
    @FunctionalInterface
    private interface Permission {
        Optional<Fetched> refused(HttpUrl url) throws InterruptedException;
    }

    private Fetched fetch(String url, Room room, int maxRedirects, Reader reader, Permission permission)
            throws InterruptedException {
        Attempt attempt = new Attempt(room, limits.timeout().toNanos());
        HttpUrl next = HttpUrl.parse(url);
        int redirects = 0;
        int tries = 1;
        while (true) {
            String problem = next == null ? "not an http or https address" : problem(next);
            if (next == null || problem != null) {
                return Fetched.refused(Reason.BLOCKED, problem + ": " + (next == null ? url : next.redact()));
            }
            Optional<Fetched> forbidden = permission.refused(next);
            if (forbidden.isPresent()) {
                return forbidden.get();
            }
            String host = next.host();
            if (breakers.isOpen(host)) {
                return Fetched.refused(Reason.MISSING, host + " keeps refusing and is left alone for a while");
            }
            switch (get(next, attempt, reader)) {
                case Hop.Done(Fetched fetched) -> {
                    breakers.answered(host);
                    return fetched;
                }
                case Hop.Failed(Fetched fetched) -> {
                    return fetched;
                }
                // Resolves a relative address; null if it is not http.
                case Hop.Elsewhere(String location) -> {
                    breakers.answered(host);
                    if (redirects == maxRedirects) {
                        return Fetched.refused(Reason.BLOCKED, "more than %d redirects".formatted(maxRedirects));
                    }
                    redirects++;
                    next = next.resolve(location);
                }
                case Hop.Busy(Fetched fetched, Optional<Duration> asked) -> {
                    breakers.refused(host);
                    Duration pause = asked.orElse(limits.retries().pause().multipliedBy(1L << (tries - 1)));
                    if (tries == limits.retries().tries() || !attempt.canWait(pause)) {
                        return fetched;
                    }
                    tries++;
                    attempt.await(pause);
                }
            }
        }
    }

    private Optional<Fetched> askRobots(HttpUrl url) throws InterruptedException {
        if (robots.isEmpty()) {
            return Optional.empty();
        }
        String query = url.encodedQuery();
        RobotsAnswer answer = robots.get()
                .answer(
                        "%s://%s:%d".formatted(url.scheme(), literal(url.host()), url.port()),
                        url.encodedPath() + (query == null ? "" : "?" + query));
        return switch (answer) {
            case ALLOWED -> Optional.empty();
            case DISALLOWED ->
                Optional.of(Fetched.refused(Reason.ROBOTS_TXT, "robots.txt of %s disallows it".formatted(url.host())));
            case UNREACHABLE ->
                Optional.of(
                        Fetched.refused(Reason.ROBOTS_TXT, "robots.txt of %s cannot be read".formatted(url.host())));
            case USAGE_DISALLOWED ->
                Optional.of(Fetched.refused(
                        Reason.CONTENT_USAGE, "Content-Usage in robots.txt of %s disallows it".formatted(url.host())));
        };
    }

    private static String literal(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    private RobotsFiles.Response robotsTxt(String origin) throws InterruptedException {
        RobotsFiles.Response[] answer = {new RobotsFiles.Response.Unreachable()};
        Fetched unused = fetch(
                origin + "/robots.txt",
                bytes -> {},
                ROBOTS_REDIRECTS,
                (response, url, attempt, countdown) -> {
                    int status = response.code();
                    if (status == 200) {
                        try (InputStream body = response.body().byteStream()) {
                            byte[] content = body.readNBytes(RobotsFiles.MAX_BYTES);
                            answer[0] = new RobotsFiles.Response.Found(content);
                        }
                    } else if (status >= 400 && status < 500) {
                        answer[0] = new RobotsFiles.Response.None();
                    }
                    return Fetched.refused(Reason.MISSING, "no photo");
                },
                url -> Optional.empty());
        return answer[0];
    }

    private @Nullable String problem(HttpUrl url) {
        if (!url.username().isEmpty() || !url.password().isEmpty()) {
            return "an address with a user";
        }
        if (!limits.ports().contains(url.port())) {
            return "port " + url.port();
        }
        // A literal address is connected to without asking the resolver, so it is checked here.
        try {
            if (!AddressPolicy.isLiteral(url.host())) {
                return null;
            }
            InetAddress address = InetAddress.getByName(url.host());
            return addresses.allows(address) && isPlain(url.host(), address) ? null : "an address that is not public";
        } catch (UnknownHostException e) {
            return "no address";
        }
    }

    // 0177.0.0.1 is 127.0.0.1 to some programs and 177.0.0.1 to others; no honest site uses it.
    private static boolean isPlain(String host, InetAddress address) {
        return host.indexOf(':') >= 0 || host.equals(address.getHostAddress());
    }

    /** The outcome of one request. */
    private sealed interface Hop {
        /** The host's answer. */
        record Done(Fetched fetched) implements Hop {}

        /** No answer; a retry is of no use. */
        record Failed(Fetched fetched) implements Hop {}

        /** A redirect. */
        record Elsewhere(String location) implements Hop {}

        /** The host is busy or broke the connection; it may have said when to retry. */
        record Busy(Fetched fetched, Optional<Duration> asked) implements Hop {}
    }

    private Hop get(HttpUrl url, Attempt attempt, Reader reader) throws InterruptedException {
        Request request = new Request.Builder()
                .url(url)
                .header("User-Agent", limits.agent())
                .header("Accept", "image/jpeg,image/png,image/webp,image/gif")
                // A compressed body could inflate without limit.
                .header("Accept-Encoding", "identity")
                .build();
        Turn turn = hosts.await(url.host());
        Call call = client.newCall(request);
        // Waiting for a permit is not the host's fault: only requests use the time.
        Countdown countdown = new Countdown(timer, attempt.left(), call::cancel);
        try (turn;
                countdown;
                Response response = call.execute()) {
            return hop(response, url, attempt, countdown, reader);
        } catch (BlockedAddressException e) {
            return new Hop.Failed(Fetched.refused(Reason.BLOCKED, "an address that is not public: " + url.host()));
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("while fetching a photo");
            }
            // The client throws the latter two at headers such as a negative length.
            return failed(e, url, countdown);
        } finally {
            attempt.left(countdown.left());
        }
    }

    private Hop failed(Exception e, HttpUrl url, Countdown countdown) {
        if (countdown.isOver() || e instanceof InterruptedIOException) {
            return new Hop.Failed(Fetched.refused(
                    Reason.TIMEOUT,
                    "not whole within %d ms".formatted(limits.timeout().toMillis())));
        }
        Fetched fetched = Fetched.refused(Reason.MISSING, e.getClass().getSimpleName() + " at " + url.host());
        return isBreak(e) ? new Hop.Busy(fetched, Optional.empty()) : new Hop.Failed(fetched);
    }

    private static boolean isBreak(Exception e) {
        return e instanceof SocketException
                || e instanceof EOFException
                || e.getCause() instanceof EOFException
                || (e instanceof ProtocolException && "unexpected end of stream".equals(e.getMessage()));
    }

    private Hop hop(Response response, HttpUrl url, Attempt attempt, Countdown countdown, Reader reader)
            throws IOException, InterruptedException {
        String location = response.header("Location");
        if (response.isRedirect() && location != null) {
            return new Hop.Elsewhere(location);
        }
        if (BUSY.contains(response.code())) {
            return new Hop.Busy(
                    Fetched.refused(Reason.MISSING, "status %d at %s".formatted(response.code(), url.host())),
                    RetryAfter.of(response.header("Retry-After"), Instant.now()));
        }
        return new Hop.Done(reader.read(response, url, attempt, countdown));
    }

    private Fetched photo(Response response, HttpUrl url, Attempt attempt, Countdown countdown)
            throws IOException, InterruptedException {
        if (response.code() != 200) {
            return Fetched.refused(Reason.MISSING, "status %d at %s".formatted(response.code(), url.host()));
        }
        if (RobotsTag.forbids(response.headers("X-Robots-Tag"), limits.agent(), limits.robots())) {
            return Fetched.refused(Reason.ROBOTS_TAG, "X-Robots-Tag of %s forbids it".formatted(url.host()));
        }
        String usage = String.join(",", response.headers("Content-Usage"));
        if (ContentUsage.disallows(usage, limits.contentUsage())) {
            return Fetched.refused(Reason.CONTENT_USAGE, "Content-Usage of %s disallows it".formatted(url.host()));
        }
        long announced = response.body().contentLength();
        if (announced > limits.maxBytes()) {
            return Fetched.refused(Reason.TOO_LARGE, "%d bytes, limit %d".formatted(announced, limits.maxBytes()));
        }
        countdown.stop();
        // Without a length the bytes are collected in parts, and are in memory twice when these are joined.
        boolean fits = attempt.reserve(announced < 0 ? 2L * limits.maxBytes() : announced);
        countdown.resume();
        if (!fits) {
            return Fetched.refused(Reason.MISSING, "%s announces more than at the first try".formatted(url.host()));
        }
        try (InputStream body = response.body().byteStream()) {
            return announced < 0 ? untilItEnds(body) : exactly(body, Math.toIntExact(announced));
        }
    }

    private static Fetched exactly(InputStream body, int announced) throws IOException {
        byte[] bytes = new byte[announced];
        int read = body.readNBytes(bytes, 0, announced);
        if (read < announced) {
            throw new EOFException("%d of %d bytes".formatted(read, announced));
        }
        return new Fetched.Body(bytes);
    }

    private Fetched untilItEnds(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(limits.maxBytes() + 1);
        return bytes.length > limits.maxBytes()
                ? Fetched.refused(Reason.TOO_LARGE, "more than %d bytes".formatted(limits.maxBytes()))
                : new Fetched.Body(bytes);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        client.connectionPool().evictAll();
        client.dispatcher().executorService().shutdown();
    }
}
