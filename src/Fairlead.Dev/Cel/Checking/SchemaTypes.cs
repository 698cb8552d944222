using System.Collections.Frozen;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cel.Checking;

/// <summary>What a structural schema says of the values it describes.</summary>
internal static class SchemaTypes
{
    private static readonly CelType Metadata = CelType.Object(new Dictionary<string, CelType>
    {
        ["name"] = CelType.String,
        ["generateName"] = CelType.String,
    }.ToFrozenDictionary(StringComparer.Ordinal));

    public static CelType From(SchemaNode? schema, bool isResource = false)
    {
        if (schema is null || schema.IntOrString)
            return CelType.Dyn;
        return schema.Type switch
        {
            "boolean" => CelType.Bool,
            "integer" => CelType.Int,
            "number" => CelType.Double,
            "string" => Text(schema),
            "array" => CelType.ListOf(From(schema.Items)),
            "object" => Object(schema, isResource || schema.EmbeddedResource),
            _ => CelType.Dyn,
        };
    }

    private static CelType Text(SchemaNode schema) => schema.Format switch
    {
        "byte" => CelType.Bytes,
        "duration" => CelType.Duration,
        "date" or "date-time" => CelType.Timestamp,
        _ => CelType.String,
    };

    // Kubernetes lets no expression see fields that are merely preserved.
    private static CelType Object(SchemaNode schema, bool isResource)
    {
        if (schema.AdditionalProperties is not null)
            return CelType.MapOf(From(schema.AdditionalProperties));
        var fields = new Dictionary<string, CelType>(StringComparer.Ordinal);
        foreach (var (name, property) in schema.Properties)
        {
            if (CelNames.TryEscape(name, out var escaped))
                fields[escaped] = From(property);
        }
        if (isResource)
        {
            fields["apiVersion"] = CelType.String;
            fields["kind"] = CelType.String;
            fields["metadata"] = Metadata;
        }
        return CelType.Object(fields.ToFrozenDictionary(StringComparer.Ordinal));
    }
}
