package dev.murmuration.console.web;

import dev.murmuration.console.Changes;
import io.smallrye.mutiny.Multi;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.ServiceUnavailableException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Tells pages which views have changed, at most once a second; they ask for the rest. */
@Path("/events")
public class EventsResource {

    private static final Duration PACE = Duration.ofSeconds(1);
    private static final int MAX_PAGES = 100;

    private final Changes changes;
    private final AtomicInteger pages = new AtomicInteger();

    @Inject
    EventsResource(Changes changes) {
        this.changes = changes;
    }

    /** One event per view that has changed since the last ones; its data counts its changes. */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> events(@Context Sse sse) {
        if (pages.incrementAndGet() > MAX_PAGES) {
            pages.decrementAndGet();
            throw new ServiceUnavailableException("more than %d pages are open".formatted(MAX_PAGES));
        }
        Map<String, Long> before = new HashMap<>();
        return Multi.createFrom()
                .ticks()
                .every(PACE)
                .onOverflow()
                .drop()
                .onItem()
                .transformToIterable(tick -> changes.counts().entrySet().stream()
                        .filter(view -> !view.getValue().equals(before.put(view.getKey(), view.getValue())))
                        .map(view -> sse.newEventBuilder()
                                .name(view.getKey())
                                .data(Long.toString(view.getValue()))
                                .build())
                        .toList())
                .onTermination()
                .invoke(pages::decrementAndGet);
    }
}
