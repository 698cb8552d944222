using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>Syntax of every quantity in an object.</summary>
internal static class QuantityRules
{
    public const string Syntax =
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

    public static void Check(SchemaNode schema, JsonNode? value, string path, Problems problems)
    {
        switch (value)
        {
            case JsonObject obj:
                foreach (var (name, member) in obj)
                {
                    if ((schema.Properties.GetValueOrDefault(name) ?? schema.AdditionalProperties) is { } memberSchema)
                        Check(memberSchema, member, Join(path, name, schema), problems);
                }

                break;
            case JsonArray list when schema.Items is { } item:
                for (var i = 0; i < list.Count; i++)
                    Check(item, list[i], $"{path}[{i}]", problems);
                break;
            case JsonValue when schema.Format == "quantity" && !Quantity.TryParse(value.Text(), out _):
                problems.Invalid(path, value, Syntax);
                break;
        }
    }

    private static string Join(string path, string name, SchemaNode parent) =>
        path.Length == 0 ? name : parent.Properties.ContainsKey(name) ? $"{path}.{name}" : $"{path}[{name}]";
}
