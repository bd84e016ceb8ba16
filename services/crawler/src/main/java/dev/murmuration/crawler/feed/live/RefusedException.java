package dev.murmuration.crawler.feed.live;

import java.io.IOException;

/** The server answered, but not with a stream. */
final class RefusedException extends IOException {

    private static final long serialVersionUID = 1;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int REDIRECTIONS = 300;
    private static final int SERVER_ERRORS = 500;

    private final int status;

    RefusedException(String feed, int status) {
        super("%s answered with status %d".formatted(feed, status));
        this.status = status;
    }

    Backoff.Trouble trouble() {
        return status == TOO_MANY_REQUESTS ? Backoff.Trouble.RATE_LIMIT : Backoff.Trouble.HTTP;
    }

    /** Whether a retry is of no use: wrong token or address, no permission, or a redirect. */
    boolean isFinal() {
        return status >= REDIRECTIONS
                && status < SERVER_ERRORS
                && status != TOO_MANY_REQUESTS
                && status != REQUEST_TIMEOUT;
    }
}
