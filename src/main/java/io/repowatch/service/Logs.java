package io.repowatch.service;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.util.function.BooleanSupplier;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;

/** Sets up logging on standard error. In code and not in a file, because the jar is also a library that must not bring one. */
final class Logs {
    private Logs() {}

    /** How log lines look. */
    enum Form {
        HUMAN,
        JSON
    }

    static void configure(Form form) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Encoder<ILoggingEvent> encoder = form == Form.JSON ? json(context) : human(context);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName("stderr");
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(appender);
        context.getLogger("io.repowatch").setLevel(Level.INFO);
        // It warns of every stream that a client cancelled while something was still to be written: normal here.
        context.getLogger("io.grpc.netty.NettyServerHandler").setLevel(Level.ERROR);
    }

    /** Lets only warnings pass, or takes that back. */
    static void quiet(boolean quiet) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.getLogger("io.repowatch").setLevel(quiet ? Level.WARN : Level.INFO);
    }

    /** Runs something during which nothing is logged, such as a simulation, which fails on purpose all the time. */
    static boolean silently(BooleanSupplier task) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        TurboFilter nothing = new TurboFilter() {
            @Override
            public FilterReply decide(
                    Marker marker, Logger logger, Level level, String format, Object[] params, Throwable error) {
                return FilterReply.DENY;
            }
        };
        context.addTurboFilter(nothing);
        try {
            return task.getAsBoolean();
        } finally {
            context.getTurboFilterList().remove(nothing);
        }
    }

    private static Encoder<ILoggingEvent> human(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{0}: %msg%n%ex{5}");
        return encoder;
    }

    private static Encoder<ILoggingEvent> json(LoggerContext context) {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithFormattedMessage(true);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        return encoder;
    }
}
