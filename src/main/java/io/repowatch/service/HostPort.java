package io.repowatch.service;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * An address as people write it: {@code HOST:PORT}, an IPv6 host in brackets.
 *
 * @param host a name or an address, without brackets
 * @param port 0 to 65535
 */
record HostPort(String host, int port) {

    /** @throws IllegalArgumentException if it is not of that form; the message names it */
    static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.contains(":")) {
            throw malformed(text);
        }
        String port = text.substring(colon + 1);
        if (host.isEmpty() || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
            throw malformed(text);
        }
        return new HostPort(host, Integer.parseInt(port));
    }

    static HostPort of(InetSocketAddress address) {
        return new HostPort(address.getAddress().getHostAddress(), address.getPort());
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException(
                "\"" + text + "\" is not an address; write HOST:PORT, such as 127.0.0.1:7550");
    }

    /** The socket address on this machine. */
    InetSocketAddress loopback() {
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw Failure.refused("the host of " + this + " cannot be resolved", e);
        }
        if (!address.isLoopbackAddress()) {
            throw Failure.usage(this + " is not a loopback address; this version has no TLS and no tokens, so it stays"
                    + " on loopback, such as 127.0.0.1:" + port);
        }
        return new InetSocketAddress(address, port);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** For picocli. */
    static final class Converter implements ITypeConverter<HostPort> {
        @Override
        public HostPort convert(String value) {
            try {
                return parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
