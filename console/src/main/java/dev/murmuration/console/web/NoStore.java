package dev.murmuration.console.web;

import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Keeps pages and photos out of the browser's cache: what an author deletes must not stay there. */
final class NoStore {

    @ServerResponseFilter
    void filter(ContainerResponseContext response) {
        response.getHeaders().putSingle(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
