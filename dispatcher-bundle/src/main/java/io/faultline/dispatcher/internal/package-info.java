/**
 * The core: lanes, chains, groups, outstanding answers, taps. It finds sources, decoders, handlers
 * and encoders as services and connects them; no part of the platform knows another one otherwise.
 *
 * <p>The way of a fault, class by class:
 *
 * <pre>
 * record queue
 *      |
 *  QueueLane ------ decode ------> LaneSink ---- not the last of its group ----> PartialGroups
 *      |                              |                                               |
 *      |                              | fault                                complete |
 *      |                              v                                               v
 *      |                           Offers <------------------------------------- Groups
 *      |                              |  calls the handlers of a LaneChain            |  ^
 *      |                              |                               answer, or      |  | concluded,
 *      |                              v                               taken over      v  | due
 *      |                 TapRing and LastFaults                            Answers   Waiting
 *      v                                                                      |
 * slots given back, then the answers, then the end of the batch               +--> command port
 * </pre>
 *
 * <p>What changes while faults flow is one immutable {@code Snapshot}. How a plug-in leaves is
 * argued in {@code LaneEpoch}, how a deferred group ends exactly once in {@code Waiting}. {@code
 * Dispatcher} holds all of it without a framework, {@code DispatcherComponent} wires it to the
 * service registry, {@code PlatformView} shows it.
 */
package io.faultline.dispatcher.internal;
