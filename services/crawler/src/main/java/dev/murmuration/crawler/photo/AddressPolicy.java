package dev.murmuration.crawler.photo;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Which addresses may be connected to: those that the public internet routes (IANA's special-purpose registries, RFC 6890 and its
 * successors), and networks that the operator names. Addresses that carry an IPv4 address inside (mapped, NAT64, 6to4, Teredo)
 * are judged by both.
 */
public final class AddressPolicy {

    // Besides what InetAddress itself knows: loopback, link-local, site-local, multicast, any-local.
    private static final List<Network> SPECIAL = List.of(
            Network.parse("0.0.0.0/8"),
            Network.parse("10.0.0.0/8"),
            Network.parse("100.64.0.0/10"),
            Network.parse("127.0.0.0/8"),
            Network.parse("169.254.0.0/16"),
            Network.parse("172.16.0.0/12"),
            Network.parse("192.0.0.0/24"),
            Network.parse("192.0.2.0/24"),
            Network.parse("192.88.99.0/24"),
            Network.parse("192.168.0.0/16"),
            Network.parse("198.18.0.0/15"),
            Network.parse("198.51.100.0/24"),
            Network.parse("203.0.113.0/24"),
            Network.parse("224.0.0.0/3"),
            Network.parse("::/8"),
            Network.parse("64:ff9b::/96"),
            Network.parse("64:ff9b:1::/48"),
            Network.parse("100::/64"),
            Network.parse("2001::/23"),
            Network.parse("2001:db8::/32"),
            Network.parse("2002::/16"),
            Network.parse("3fff::/20"),
            Network.parse("5f00::/16"),
            Network.parse("fc00::/7"),
            Network.parse("fe80::/9"),
            Network.parse("ff00::/8"));

    private final List<Network> allowed;

    /**
     * The public internet and these networks.
     *
     * @param allowed networks as {@code address/bits}, for example an image proxy's
     * @throws IllegalArgumentException if one is none
     */
    public AddressPolicy(List<String> allowed) {
        this.allowed = allowed.stream().map(Network::parse).toList();
    }

    /** Whether this address may be connected to. */
    boolean allows(InetAddress address) {
        return allowed.stream().anyMatch(network -> network.contains(address)) || isPublic(address);
    }

    /** Whether this host is written as an address, which no resolver is asked for. */
    static boolean isLiteral(String host) {
        return host.indexOf(':') >= 0
                || (!host.isEmpty() && host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9')));
    }

    private static boolean isPublic(InetAddress address) {
        boolean known = address instanceof Inet4Address || address instanceof Inet6Address;
        return known
                && !address.isLoopbackAddress()
                && !address.isAnyLocalAddress()
                && !address.isLinkLocalAddress()
                && !address.isSiteLocalAddress()
                && !address.isMulticastAddress()
                && SPECIAL.stream().noneMatch(network -> network.contains(address));
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Network(byte[] address, int bits) {

        static Network parse(String text) {
            int slash = text.indexOf('/');
            String literal = text.substring(0, Math.max(slash, 0));
            try {
                if (!isLiteral(literal)) {
                    throw new IllegalArgumentException("'%s' is not an address".formatted(literal));
                }
                byte[] address = InetAddress.getByName(literal).getAddress();
                int bits = Integer.parseInt(text.substring(slash + 1));
                if (bits < 0 || bits > address.length * 8) {
                    throw new IllegalArgumentException("%d bits of %d".formatted(bits, address.length * 8));
                }
                return new Network(address, bits);
            } catch (IllegalArgumentException | UnknownHostException e) {
                throw new IllegalArgumentException("'" + text + "' is not a network such as 192.0.2.0/24", e);
            }
        }

        boolean contains(InetAddress other) {
            byte[] bytes = other.getAddress();
            if (bytes.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> bit % 8;
                if (((bytes[bit / 8] ^ address[bit / 8]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Where names are looked up: the system, or a server of a test. */
    @FunctionalInterface
    public interface Resolver {

        /** All addresses of this name. */
        List<InetAddress> resolve(String host) throws UnknownHostException;
    }
}
