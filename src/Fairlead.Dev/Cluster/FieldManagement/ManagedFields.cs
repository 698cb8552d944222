using System.Globalization;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.FieldManagement;

/// <summary>The managers of an object (<c>metadata.managedFields</c>).</summary>
internal sealed class ManagedFields
{
    // A write keeps this many update entries; the API server folds older ones together.
    private const int MaxUpdateManagers = 10;

    private const string AncientChanges = "ancient-changes";

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    private readonly Dictionary<ManagerIdentity, ManagerEntry> _entries = [];

    public bool IsEmpty => _entries.Count == 0;

    public IEnumerable<KeyValuePair<ManagerIdentity, ManagerEntry>> Entries => _entries;

    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <exception cref="FormatException">An entry is malformed.</exception>
    public static ManagedFields Read(JsonNode? node)
    {
        var managers = new ManagedFields();
        if (node is null)
            return managers;
        if (node is not JsonArray list)
            throw new FormatException("metadata.managedFields must be a list");
        foreach (var element in list)
        {
            if (element is not JsonObject entry)
                throw new FormatException("metadata.managedFields must be a list of objects");
            var operation = Text(entry, "operation");
            if (operation is not (ManagerIdentity.Apply or ManagerIdentity.Update))
                throw new FormatException($"metadata.managedFields: operation must be `Apply` or `Update`, not \"{operation}\"");
            var apiVersion = Text(entry, "apiVersion");
            var id = ManagerIdentity.Of(Text(entry, "manager"), operation, apiVersion, Text(entry, "subresource"));
            var fields = entry["fieldsV1"] is { } fieldsV1 ? FieldsV1.Read(fieldsV1) : new FieldSet();
            managers._entries[id] = new ManagerEntry(fields, apiVersion, Text(entry, "time") is { Length: > 0 } time ? time : null);
        }

        return managers;
    }

    public ManagerEntry? Find(ManagerIdentity id) => _entries.GetValueOrDefault(id);

    /// <summary>Sets or replaces an entry; one without fields goes away.</summary>
    public void Set(ManagerIdentity id, ManagerEntry entry)
    {
        if (entry.Fields.IsEmpty)
            _entries.Remove(id);
        else
            _entries[id] = entry;
    }

    /// <summary>Everything any manager owns.</summary>
    public FieldSet All() => _entries.Values.Aggregate(new FieldSet(), (set, entry) => set.Union(entry.Fields));

    /// <summary>Takes fields away from every manager but one.</summary>
    public void RemoveFromOthers(ManagerIdentity except, FieldSet fields)
    {
        foreach (var (id, entry) in _entries.ToList())
        {
            if (id != except)
                Set(id, entry with { Fields = entry.Fields.Difference(fields) });
        }
    }

    /// <summary>Takes fields away from every manager.</summary>
    public void Remove(FieldSet fields)
    {
        foreach (var (id, entry) in _entries.ToList())
            Set(id, entry with { Fields = entry.Fields.Difference(fields) });
    }

    /// <summary>Folds the oldest update entries, per version, into one manager until few enough are left.</summary>
    public void Cap()
    {
        var updaters = _entries.Where(e => !e.Key.IsApply).OrderBy(e => e.Value.Time, StringComparer.Ordinal).Select(e => e.Key).ToList();
        var count = updaters.Count;
        var firstOfVersion = new Dictionary<string, ManagerIdentity>(StringComparer.Ordinal);
        foreach (var id in updaters)
        {
            if (count <= MaxUpdateManagers)
                return;
            if (firstOfVersion.TryAdd(id.ApiVersion, id))
                continue;
            var bucket = ManagerIdentity.Of(AncientChanges, ManagerIdentity.Update, id.ApiVersion, "");
            var first = firstOfVersion[id.ApiVersion];
            if (first != bucket && _entries.Remove(first, out var oldest))
                _entries[bucket] = _entries.TryGetValue(bucket, out var present)
                    ? oldest with { Fields = oldest.Fields.Union(present.Fields) }
                    : oldest;
            firstOfVersion[id.ApiVersion] = bucket;
            if (id == bucket)
                continue;
            var merged = _entries[id];
            _entries.Remove(id);
            _entries[bucket] = merged with { Fields = merged.Fields.Union(_entries[bucket].Fields) };
            count--;
        }
    }

    /// <summary>The wire form; null when there are no managers.</summary>
    public JsonArray? Write()
    {
        if (IsEmpty)
            return null;
        var list = new JsonArray();
        foreach (var (id, entry) in _entries
            .OrderBy(e => e.Key.Operation, StringComparer.Ordinal)
            .ThenBy(e => e.Value.Time, StringComparer.Ordinal)
            .ThenBy(e => e.Key.Manager, StringComparer.Ordinal)
            .ThenBy(e => e.Value.ApiVersion, StringComparer.Ordinal)
            .ThenBy(e => e.Key.Subresource, StringComparer.Ordinal))
            list.Add((JsonNode)Write(id, entry));
        return list;
    }

    private static JsonObject Write(ManagerIdentity id, ManagerEntry entry)
    {
        var obj = new JsonObject
        {
            ["manager"] = id.Manager,
            ["operation"] = id.Operation,
            ["apiVersion"] = entry.ApiVersion,
        };
        if (entry.Time is not null)
            obj["time"] = entry.Time;
        obj["fieldsType"] = "FieldsV1";
        obj["fieldsV1"] = FieldsV1.Write(entry.Fields);
        if (id.Subresource.Length > 0)
            obj["subresource"] = id.Subresource;
        return obj;
    }

    private static string Text(JsonObject entry, string name) => entry[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
