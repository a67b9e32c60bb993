package io.repowatch.registry;

import io.grpc.Status;

/**
 * Why a command is not carried out: a value, so that deciding stays a pure function.
 *
 * @param code the gRPC status code
 * @param text the text that existing clients know (registry specification §3), without the prefix of the aggregate
 */
record Rejection(Status.Code code, String text) {}
