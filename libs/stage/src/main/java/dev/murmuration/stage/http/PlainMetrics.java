package dev.murmuration.stage.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Gives metrics in Prometheus's text format to a client that does not say what it wants. Quarkus would give OpenMetrics, which
 * {@code promtool check metrics} and people at a terminal do not expect; Prometheus itself says what it wants.
 */
@ApplicationScoped
class PlainMetrics {

    private static final int BEFORE_ROUTES = 100;
    private static final String ACCEPT = "Accept";

    void register(@Observes Filters filters) {
        filters.register(this::look, BEFORE_ROUTES);
    }

    void look(RoutingContext context) {
        HttpServerRequest request = context.request();
        if ("/q/metrics".equals(request.path())) {
            String accepted = request.getHeader(ACCEPT);
            if (accepted == null || accepted.equals("*/*")) {
                request.headers().set(ACCEPT, "text/plain");
            }
        }
        context.next();
    }
}
