using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.Resources;

/// <summary>
/// What a resource type does beyond its schema. The server calls, in this order: schema defaulting and pruning,
/// <see cref="PrepareForCreate"/> or <see cref="PrepareForUpdate"/>, schema validation, <see cref="Validate"/>, storage.
/// Calls for one server are serialised; implementations may mutate <c>obj</c> and must not keep it.
/// </summary>
public interface IResourceStrategy
{
    /// <summary>Defaults that depend on other fields, allocation (cluster IPs, node ports), fields the server sets.</summary>
    void PrepareForCreate(JsonObject obj);

    /// <summary>The same for an update; <paramref name="old"/> is what is stored.</summary>
    void PrepareForUpdate(JsonObject obj, JsonObject old);

    /// <summary>Violations of the object; <paramref name="old"/> is null on create.</summary>
    IEnumerable<FieldError> Validate(JsonObject obj, JsonObject? old);

    /// <summary>Gives back what was allocated for an object that is gone, or whose creation did not happen (dry run, conflict).</summary>
    void Release(JsonObject obj);
}
