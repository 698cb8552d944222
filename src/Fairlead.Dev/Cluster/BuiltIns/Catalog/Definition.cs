using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.BuiltIns.Catalog;

/// <summary>Starts a definition from what every resource type has.</summary>
internal static class Definition
{
    public static ResourceDefinition Of(string group, string version, string kind, string plural, SchemaNode schema) => new()
    {
        Group = group,
        Version = version,
        Kind = kind,
        Plural = plural,
        Singular = kind.ToLowerInvariant(),
        Schema = schema,
        Columns = Columns.CoreColumns.OnlyAge,
        Strategy = new BuiltInStrategy(schema),
    };
}
