using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Tests.Cluster.Server;

/// <summary>The strategy of types without rules of their own.</summary>
internal sealed class NoRules : IResourceStrategy
{
    public void PrepareForCreate(JsonObject obj)
    {
    }

    public void PrepareForUpdate(JsonObject obj, JsonObject old)
    {
    }

    public IEnumerable<FieldError> Validate(JsonObject obj, JsonObject? old) => [];

    public void Release(JsonObject obj)
    {
    }
}
