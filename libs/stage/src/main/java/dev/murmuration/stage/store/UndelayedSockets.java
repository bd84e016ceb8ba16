package dev.murmuration.stage.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * Sockets with {@code TCP_NODELAY}. A put is several writes; without it the last one waits until the store acknowledges those
 * before, which a store that has nothing to answer yet does after 40 ms.
 */
final class UndelayedSockets extends SocketFactory {

    private final SocketFactory sockets = SocketFactory.getDefault();

    @Override
    public Socket createSocket() throws IOException {
        return undelayed(sockets.createSocket());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return undelayed(sockets.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return undelayed(sockets.createSocket(host, port, localHost, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return undelayed(sockets.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return undelayed(sockets.createSocket(address, port, localAddress, localPort));
    }

    private static Socket undelayed(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        return socket;
    }
}
