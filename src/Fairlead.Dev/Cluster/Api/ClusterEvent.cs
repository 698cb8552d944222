using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Api;

/// <param name="Type"><c>ADDED</c>, <c>MODIFIED</c> or <c>DELETED</c>.</param>
/// <param name="Object">The object after the change (before it, for a deletion); the receiver's own copy.</param>
public sealed record ClusterEvent(string Type, JsonObject Object);
