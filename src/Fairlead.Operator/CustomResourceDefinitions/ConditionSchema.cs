using Fairlead.Kubernetes.Resources.ApiExtensions;

namespace Fairlead.Operator.CustomResourceDefinitions;

/// <summary>Schema of one condition, with the limits that meta/v1 sets.</summary>
internal static class ConditionSchema
{
    public static readonly JsonSchemaProps Value = new()
    {
        Type = "object",
        Required = ["lastTransitionTime", "message", "reason", "status", "type"],
        Properties = new Dictionary<string, JsonSchemaProps>
        {
            ["type"] = new()
            {
                Type = "string",
                Description = "What the condition is about.",
                MaxLength = 316,
                Pattern = @"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$",
            },
            ["status"] = new()
            {
                Type = "string",
                Description = "True, False or Unknown.",
                Enum = [.. new[] { "True", "False", "Unknown" }.Select(SchemaJson.Text)],
            },
            ["observedGeneration"] = new()
            {
                Type = "integer",
                Format = "int64",
                Description = "metadata.generation of the object that was judged; one lower than the present says that the condition is out of date.",
                Minimum = 0,
            },
            ["lastTransitionTime"] = new() { Type = "string", Format = "date-time", Description = "When the status last changed." },
            ["reason"] = new()
            {
                Type = "string",
                Description = "One word on why, for programs.",
                MinLength = 1,
                MaxLength = 1024,
                Pattern = "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$",
            },
            ["message"] = new() { Type = "string", Description = "The details, for people.", MaxLength = 32768 },
        },
    };
}
