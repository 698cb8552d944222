using Fairlead.Kubernetes.Resources.ApiExtensions;

namespace Fairlead.Operator.CustomResourceDefinitions;

/// <summary>The columns of <c>kubectl get</c>.</summary>
internal static class PrinterColumns
{
    public static CustomResourceColumnDefinition Age { get; } =
        new() { Name = "Age", Type = "date", JsonPath = ".metadata.creationTimestamp" };

    /// <summary>The reason of one condition, which is its state in one word.</summary>
    public static CustomResourceColumnDefinition Status(string condition) => new()
    {
        Name = "Status",
        Type = "string",
        Description = $"Reason of the condition {condition}.",
        JsonPath = $".status.conditions[?(@.type == \"{condition}\")].reason",
    };

    public static CustomResourceColumnDefinition Text(string name, string path, string description) =>
        new() { Name = name, Type = "string", JsonPath = path, Description = description };
}
