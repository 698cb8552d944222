using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.CustomResources;

/// <summary>Rules of custom objects beyond their schema: the values behind <c>/scale</c> are replica counts.</summary>
internal sealed class CustomResourceStrategy(ScaleSubresource? scale) : IResourceStrategy
{
    public void PrepareForCreate(JsonObject obj)
    {
    }

    public void PrepareForUpdate(JsonObject obj, JsonObject old)
    {
    }

    public IEnumerable<FieldError> Validate(JsonObject obj, JsonObject? old)
    {
        if (scale is null)
            yield break;
        foreach (var path in (string[])[scale.SpecReplicasPath, scale.StatusReplicasPath])
        {
            if (Find(obj, path) is not { } value)
                continue;
            if (!JsonNumber.TryRead(value, out var number) || number.Whole is not { } count)
                yield return new FieldError(
                    FieldErrorType.Invalid, path, $"{path} accessor error: {JsonText.Of(value)} is not a whole number", "0");
            else if (count < 0)
                yield return new FieldError(FieldErrorType.Invalid, path, "should be a non-negative integer", JsonText.Of(value));
            else if (count > int.MaxValue)
                yield return new FieldError(
                    FieldErrorType.Invalid, path, $"should be less than or equal to {int.MaxValue}", JsonText.Of(value));
        }
    }

    public void Release(JsonObject obj)
    {
    }

    private static JsonNode? Find(JsonObject obj, string path) => RuleFieldPath.TryParse(path, out var names)
        ? names.Aggregate((JsonNode?)obj, (node, name) => (node as JsonObject)?[name])
        : null;
}
