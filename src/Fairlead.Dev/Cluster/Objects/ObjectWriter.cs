using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Admission;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;
using Fairlead.Dev.Cluster.Storage;

namespace Fairlead.Dev.Cluster.Objects;

/// <summary>
/// Every write to the store: defaulting, strategies, validation, optimistic concurrency and the life cycle of metadata.
/// Writes are serialised, so each decides on the state it replaces; reads do not wait for them.
/// </summary>
internal sealed partial class ObjectWriter(ObjectStore store, TimeProvider time, Random random)
{
    private const string StatusMember = "status";
    private readonly Lock _writes = new();
    private readonly NameGenerator _names = new(random);

    /// <summary>
    /// Told of every committed write, in order and before any other write: the type, the object, and whether it is gone. It may
    /// write itself.
    /// </summary>
    public Action<ResourceDefinition, StoredObject, bool>? Committed { get; set; }

    /// <summary>Judges of writes, asked in order after validation.</summary>
    public ImmutableArray<IAdmission> Admission { get; set; } = [];

    private static StoredObject Find(ObjectStore store, ResourceDefinition definition, ObjectKey key) =>
        store.Find(definition, key) ?? throw ApiErrors.NotFound(definition, key.Name);

    private static void ThrowIfInvalid(ResourceDefinition definition, string name, IEnumerable<FieldError> errors)
    {
        var found = errors.ToImmutableArray();
        if (!found.IsEmpty)
            throw ApiErrors.Invalid(definition, name, found);
    }

    private static JsonObject Metadata(JsonObject obj) => obj["metadata"]!.AsObject();

    private static void Restore(JsonObject target, JsonObject source, string member)
    {
        if (source[member] is { } value)
            target[member] = value.DeepClone();
        else
            target.Remove(member);
    }

    private static bool HasFinalizers(JsonObject metadata) => metadata["finalizers"] is JsonArray { Count: > 0 };

    private static long Generation(JsonObject metadata) => metadata["generation"]?.GetValue<long>() ?? 0;

    private static string VersionText(long version) => version.ToString(CultureInfo.InvariantCulture);

    private void Admit(AdmissionRequest request, List<string> warnings)
    {
        foreach (var judge in Admission)
            warnings.AddRange(judge.Admit(request));
    }

    private StoredObject Commit(ResourceDefinition definition, JsonObject obj, bool dryRun, long dryRunVersion)
    {
        if (dryRun)
            return StoredObject.Freeze(definition, obj, dryRunVersion);
        var stored = store.Put(definition, obj);
        Committed?.Invoke(definition, stored, false);
        return stored;
    }
}
