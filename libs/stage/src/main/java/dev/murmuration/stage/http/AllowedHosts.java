package dev.murmuration.stage.http;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The host names to which a service answers. A malicious page can point its own host name to this machine (DNS rebinding) and then read any
 * response, but it cannot change the {@code Host} that the browser sends.
 */
final class AllowedHosts {

    private static final Pattern HOST =
            Pattern.compile("(\\[[0-9a-fA-F:.%]{2,64}]|[^:\\[\\]/@\\s]{1,253})(?::\\d{1,5})?");
    private static final Pattern LOOPBACK =
            Pattern.compile("127(?:\\.\\d{1,3}){3}|\\[::1]|\\[0:0:0:0:0:0:0:1]|(?:[\\w-]+\\.)*localhost");

    private final Set<String> names;
    private final String service;

    private AllowedHosts(Set<String> names, String service) {
        this.names = names;
        this.service = service;
    }

    /**
     * Creates the set of allowed names.
     *
     * @param service the service's own name, such as the name of its container or Kubernetes service
     * @param machine names and addresses of this machine
     * @param more names from the settings
     */
    static AllowedHosts of(String service, Collection<String> machine, Collection<String> more) {
        Set<String> names = new LinkedHashSet<>();
        machine.forEach(name -> names.add(normal(name)));
        more.forEach(name -> names.add(normal(name)));
        return new AllowedHosts(names, service.toLowerCase(Locale.ROOT));
    }

    /** Returns this machine's name and the addresses of its interfaces; the kubelet and Prometheus use those of a pod. */
    static Set<String> ofThisMachine() {
        Set<String> names = new LinkedHashSet<>();
        try {
            InetAddress local = InetAddress.getLocalHost();
            names.addAll(List.of(local.getHostName(), local.getHostAddress()));
        } catch (UnknownHostException e) { // a machine whose name cannot be resolved still has addresses
            names.add("localhost");
        }
        try {
            for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                network.inetAddresses().forEach(address -> names.add(address.getHostAddress()));
            }
        } catch (SocketException e) {
            throw new IllegalStateException("the network interfaces cannot be listed", e);
        }
        return names;
    }

    /** Whether the {@code Host} of a request, with or without a port, is allowed. */
    boolean allow(String host) {
        Matcher matcher = HOST.matcher(host);
        if (!matcher.matches()) {
            return false;
        }
        String name = normal(matcher.group(1));
        return LOOPBACK.matcher(name).matches()
                || names.contains(name)
                || name.equals(service)
                || name.matches(Pattern.quote(service) + "\\.[\\w-]+\\.svc(?:\\.cluster\\.local)?");
    }

    /** Removes a final dot; puts an IPv6 address in brackets and removes its interface. */
    private static String normal(String name) {
        String lower = name.strip().toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
        String bare = lower.replaceAll("[\\[\\]]|%.*", "");
        return bare.indexOf(':') < 0 ? lower : "[" + expanded(bare) + "]";
    }

    private static String expanded(String address) {
        try {
            // No DNS lookup: it contains colons, so it is an address or invalid.
            return InetAddress.getByName("[" + address + "]").getHostAddress().replaceFirst("%.*", "");
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
