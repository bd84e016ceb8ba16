package dev.murmuration.stage.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts tracing where it is set, before the first channel opens, and sends what is left at the end. */
@ApplicationScoped
class Tracing {

    private static final Logger LOG = Logger.getLogger(Tracing.class);
    private static final long SECONDS_FOR_THE_LAST = 3;

    private final TracingSettings settings;
    private final String service;
    private final String instance;
    private @Nullable SdkTracerProvider provider;

    @Inject
    Tracing(
            TracingSettings settings,
            @ConfigProperty(name = "quarkus.application.name") String service,
            @ConfigProperty(name = "instance.name") String instance) {
        this.settings = settings;
        this.service = service;
        this.instance = instance;
    }

    void start(@Observes @Priority(1) StartupEvent event) {
        if (settings.endpoint().isEmpty()) {
            return;
        }
        String endpoint = settings.endpoint().get();
        provider = provider(
                service,
                instance,
                settings.share(),
                BatchSpanProcessor.builder(exporter(endpoint)).build());
        Interceptor.follow(
                new Trail(provider.get("dev.murmuration"), Coverings::of, settings.mostRecords(), Clock.systemUTC()));
        LOG.infof("tracing %s of the records to %s", settings.share(), endpoint);
    }

    void stop(@Observes ShutdownEvent event) {
        Interceptor.follow(null);
        if (provider != null) {
            provider.shutdown().join(SECONDS_FOR_THE_LAST, TimeUnit.SECONDS);
        }
    }

    static SpanExporter exporter(String endpoint) {
        return OtlpHttpSpanExporter.builder().setEndpoint(endpoint).build();
    }

    static SdkTracerProvider provider(String service, String instance, double share, SpanProcessor processor) {
        Attributes who = Attributes.of(
                AttributeKey.stringKey("service.name"), service,
                AttributeKey.stringKey("service.instance.id"), instance);
        return SdkTracerProvider.builder()
                .setResource(Resource.create(who))
                .setSampler(new AlwaysSampleJoins(Sampler.parentBased(Sampler.traceIdRatioBased(share))))
                .addSpanProcessor(processor)
                .build();
    }
}
