package dev.murmuration.evaluator.serve;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Maps every error to a JSON problem: never an HTML page, a stack trace or an empty body. */
class ProblemResponses {

    private static final Logger LOG = Logger.getLogger(ProblemResponses.class);

    @ServerExceptionMapper
    Response refused(WebApplicationException e) {
        Response.StatusType status = e.getResponse().getStatusInfo();
        return PredictResource.problem(
                status,
                switch (status.getStatusCode()) {
                    case 404 -> "there is nothing here";
                    case 405 -> "this method is not supported here";
                    case 406 -> "no answer of this kind is given here";
                    case 413 -> "the body is larger than quarkus.http.limits.max-body-size";
                    case 415 ->
                        "the Content-Type is image/*, application/octet-stream or, for many photos, multipart/form-data";
                    default -> status.getReasonPhrase();
                });
    }

    @ServerExceptionMapper
    Response failed(RuntimeException e) {
        LOG.error("a request failed", e);
        return PredictResource.problem(
                Response.Status.INTERNAL_SERVER_ERROR, "this is a fault of the service; its log says why");
    }
}
