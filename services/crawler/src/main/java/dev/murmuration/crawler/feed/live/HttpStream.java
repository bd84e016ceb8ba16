package dev.murmuration.crawler.feed.live;

import dev.murmuration.crawler.feed.Lines;
import dev.murmuration.crawler.feed.Message;
import java.io.IOException;
import java.net.Proxy;
import java.util.Map;
import java.util.Optional;
import okhttp3.Call;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Lines of an HTTP response that does not end. A line that is cut off by the connection's end is dropped: the server sends it
 * again, or it is part of the gap.
 */
final class HttpStream implements Connection {

    /** Opens streams, one after the other. */
    static final class Opener {
        private final String feed;
        private final LiveLimits limits;
        private final OkHttpClient client;

        Opener(String feed, LiveLimits limits) {
            this.feed = feed;
            this.limits = limits;
            this.client = new OkHttpClient.Builder()
                    .proxy(Proxy.NO_PROXY)
                    .cookieJar(CookieJar.NO_COOKIES)
                    // The token must not go to another address than the configured one.
                    .followRedirects(false)
                    .retryOnConnectionFailure(false)
                    .connectTimeout(limits.connectTimeout())
                    .readTimeout(limits.stallAfter())
                    .build();
        }

        HttpStream open(HttpUrl url, Map<String, String> headers) throws IOException {
            Request.Builder request = new Request.Builder().url(url);
            headers.forEach(request::header);
            Call call = client.newCall(request.build());
            Response response = call.execute();
            if (response.code() != 200) {
                int status = response.code();
                response.close();
                throw new RefusedException(feed, status);
            }
            return new HttpStream(call, response, new Lines(response.body().byteStream(), limits.maxMessageBytes()));
        }
    }

    private final Call call;
    private final Response response;
    private final Lines lines;

    private HttpStream(Call call, Response response, Lines lines) {
        this.call = call;
        this.response = response;
        this.lines = lines;
    }

    @Override
    public Message next() throws IOException {
        Optional<Message> line = lines.next();
        if (line.isEmpty() || lines.wasCut()) {
            throw new IOException("the other side hung up");
        }
        return line.get();
    }

    @Override
    public void close() {
        // Not the body first: closing it would wait for the rest of it.
        call.cancel();
        response.close();
    }
}
