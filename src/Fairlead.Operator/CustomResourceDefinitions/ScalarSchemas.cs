using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.ApiExtensions;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Operator.CustomResourceDefinitions;

/// <summary>Schemas of the types that are no objects, lists or maps; and of conditions, which have limits on every field.</summary>
internal static class ScalarSchemas
{
    /// <summary>The texts that Kubernetes reads as an amount.</summary>
    private const string QuantityPattern =
        @"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$";

    private static readonly JsonSchemaProps Text = new() { Type = "string" };
    private static readonly JsonSchemaProps NumberOrText = new()
    {
        AnyOf = [new JsonSchemaProps { Type = "integer" }, Text],
        IntOrString = true,
    };

    public static JsonSchemaProps? Of(Type type) =>
        type == typeof(string) ? Text
        : type == typeof(bool) ? new JsonSchemaProps { Type = "boolean" }
        : type == typeof(int) ? new JsonSchemaProps { Type = "integer", Format = "int32" }
        : type == typeof(long) ? new JsonSchemaProps { Type = "integer", Format = "int64" }
        : type == typeof(DateTimeOffset) ? new JsonSchemaProps { Type = "string", Format = "date-time" }
        : type == typeof(IntOrString) ? NumberOrText
        : type == typeof(Quantity) ? NumberOrText with { Pattern = QuantityPattern }
        : type == typeof(Condition) ? ConditionSchema.Value
        : null;
}
