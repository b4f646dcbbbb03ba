package evy.debug;

import evy.hubs.HubStatistics;

/**
 * A hub when it was looked at.
 *
 * @param name the name of its thread
 * @param kind {@code epoll} or {@code nio}
 * @param answered false if it was blocked and had to be looked at from outside
 * @param statistics its counters
 */
public record HubInfo(String name, String kind, boolean answered, HubStatistics statistics) {}
