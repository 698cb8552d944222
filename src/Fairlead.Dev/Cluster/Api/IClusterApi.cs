using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.Api;

/// <summary>
/// The API server without the network: what its own controllers use. Calls go through the same defaulting, validation and
/// storage as HTTP requests, as the user <c>system:apiserver</c>. Objects returned are the caller's own copies.
/// Failures are <see cref="ApiStatusException"/>.
/// </summary>
public interface IClusterApi
{
    /// <summary>Current objects of a type, from one namespace or from all (null).</summary>
    IReadOnlyList<JsonObject> List(string group, string plural, string? ns = null);

    /// <summary>One object, or null.</summary>
    JsonObject? Get(string group, string plural, string? ns, string name);

    JsonObject Create(string group, string plural, string? ns, JsonObject obj);

    /// <summary>Replaces the object; <c>metadata.resourceVersion</c>, when set, must be current.</summary>
    JsonObject Update(string group, string plural, string? ns, JsonObject obj, string? subresource = null);

    /// <summary>Deletes like the HTTP verb; missing objects are ignored.</summary>
    /// <param name="uid">The deletion is for this object alone, not for a later one of its name.</param>
    /// <param name="graceSeconds">Time until the removal of objects that have one; null: as long as the object says.</param>
    void Delete(
        string group, string plural, string? ns, string name, string propagation = "Background", string? uid = null, long? graceSeconds = null);

    /// <summary>All objects of a type as <c>ADDED</c>, then every change, in order, until cancelled.</summary>
    IAsyncEnumerable<ClusterEvent> WatchAsync(string group, string plural, CancellationToken cancellationToken);
}
