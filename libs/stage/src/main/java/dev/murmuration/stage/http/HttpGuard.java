package dev.murmuration.stage.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Checks every request before any other handler: refuses host names to which the service must not answer, cross-site requests that
 * malicious pages make a browser send, and bodies that are too large or do not arrive. Health and metrics are behind it too.
 */
@ApplicationScoped
class HttpGuard {

    private static final int FIRST = 10_000;
    private static final int MISDIRECTED = 421;
    private static final Set<HttpMethod> HARMLESS =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);

    private final AllowedHosts hosts;
    private final Set<String> origins;
    private final long timeoutMillis;
    private final BigInteger maxBytes;

    @Inject
    HttpGuard(
            HttpSettings settings,
            @ConfigProperty(name = "quarkus.application.name", defaultValue = "murmuration") String service,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size", defaultValue = "10M") MemorySize maxBody) {
        this.hosts = AllowedHosts.of(
                service, AllowedHosts.ofThisMachine(), settings.allowedHosts().orElse(List.of()));
        this.origins = new HashSet<>(settings.allowedOrigins().orElse(List.of()));
        this.timeoutMillis = Math.max(1, settings.requestTimeout().toMillis());
        this.maxBytes = maxBody.asBigInteger();
    }

    void register(@Observes Filters filters) {
        filters.register(this::look, FIRST);
    }

    /** Passes a request on, or answers it with a refusal. */
    void look(RoutingContext context) {
        HttpServerRequest request = context.request();
        String host = request.authority() == null ? "" : request.authority().toString();
        if (!hosts.allow(host) && !(host.isEmpty() && request.version() == HttpVersion.HTTP_1_0)) {
            refuse(context, MISDIRECTED, "this service is not asked by this name: http.allowed-hosts lists its names");
        } else if (isOfAStrangersPage(request, host)) {
            refuse(context, 403, "a page of another origin sent this: http.allowed-origins lists those that may");
        } else if (isTooLarge(request)) {
            refuse(
                    context,
                    413,
                    "the body is larger than quarkus.http.limits.max-body-size = %s bytes".formatted(maxBytes));
        } else {
            if (hasBody(request)) {
                awaitBody(context);
            }
            context.next();
        }
    }

    /** Browsers send the page's origin, which the page cannot change; other clients send none. */
    private boolean isOfAStrangersPage(HttpServerRequest request, String host) {
        if (HARMLESS.contains(request.method())) {
            return false;
        }
        String origin = request.getHeader("Origin");
        if (origin != null) {
            return !origins.contains(origin)
                    && !origin.equals(request.scheme() + "://" + host)
                    && !origin.toLowerCase(Locale.ROOT)
                            .equals(request.scheme() + "://" + host.toLowerCase(Locale.ROOT));
        }
        return "cross-site".equals(request.getHeader("Sec-Fetch-Site"));
    }

    private boolean isTooLarge(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        return length != null && length.matches("\\d{1,40}") && new BigInteger(length).compareTo(maxBytes) > 0;
    }

    private static boolean hasBody(HttpServerRequest request) {
        return !request.isEnded()
                && (request.version() == HttpVersion.HTTP_2
                        ? !HARMLESS.contains(request.method())
                        : request.getHeader("Content-Length") != null
                                || request.getHeader("Transfer-Encoding") != null);
    }

    /** Answers a client that stops in the middle of a request with 408 and closes its connection. */
    private void awaitBody(RoutingContext context) {
        HttpServerRequest request = context.request();
        Vertx vertx = context.vertx();
        long timer = vertx.setTimer(timeoutMillis, late -> {
            if (!request.isEnded()) {
                if (!context.response().headWritten()) {
                    answer(
                                    context,
                                    408,
                                    "the request did not arrive within http.request-timeout = %d ms"
                                            .formatted(timeoutMillis))
                            .onComplete(done -> request.connection().close());
                } else {
                    request.connection().close();
                }
            }
        });
        context.addEndHandler(done -> vertx.cancelTimer(timer));
    }

    /** Answers, and discards the rest of the request, so that a client that reads only after sending everything receives the reason. */
    private void refuse(RoutingContext context, int status, String problem) {
        HttpServerRequest request = context.request();
        if (!request.isEnded()) {
            long timer = context.vertx()
                    .setTimer(timeoutMillis, late -> request.connection().close());
            request.endHandler(done -> context.vertx().cancelTimer(timer));
            request.handler(bytes -> {});
            request.resume();
        }
        answer(context, status, problem);
    }

    private static io.vertx.core.Future<Void> answer(RoutingContext context, int status, String problem) {
        return context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(new JsonObject().put("problem", problem).encode());
    }
}
