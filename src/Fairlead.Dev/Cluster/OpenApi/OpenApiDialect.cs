using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.OpenApi;

/// <summary>What differs between OpenAPI 2 and 3.</summary>
internal abstract class OpenApiDialect
{
    public static OpenApiDialect V2 { get; } = new Swagger();

    public static OpenApiDialect V3 { get; } = new OpenApi();

    /// <summary>A parameter of a path or an operation.</summary>
    public abstract JsonObject Parameter(string name, string place);

    /// <param name="schema">Name of the body's schema; null for a patch.</param>
    public abstract void AddBody(JsonObject operation, string[] mediaTypes, string? schema);

    public abstract void AddResponse(JsonObject operation, string schema);

    /// <summary>A reference to a named schema, with a description beside it.</summary>
    public abstract JsonObject Reference(string schema, string? description = null);

    /// <summary>A schema with everything this version can say.</summary>
    public abstract JsonObject Schema(SchemaNode schema);

    private protected static string TypeOf(string parameter) => parameter switch
    {
        "allowWatchBookmarks" or "force" or "orphanDependents" or "sendInitialEvents" or "watch"
            or "ignoreStoreReadErrorWithClusterBreakingPotential" => "boolean",
        "gracePeriodSeconds" or "limit" or "timeoutSeconds" => "integer",
        _ => "string",
    };

    private sealed class Swagger : OpenApiDialect
    {
        public override JsonObject Parameter(string name, string place)
        {
            var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["type"] = TypeOf(name), ["uniqueItems"] = true };
            if (place == "path")
                parameter["required"] = true;
            return parameter;
        }

        public override void AddBody(JsonObject operation, string[] mediaTypes, string? schema)
        {
            operation["consumes"] = SchemaJson.Texts(mediaTypes);
            ((JsonArray)operation["parameters"]!).Add((JsonNode)new JsonObject
            {
                ["name"] = "body",
                ["in"] = "body",
                ["required"] = true,
                ["schema"] = schema is null ? new JsonObject { ["type"] = "object" } : Reference(schema),
            });
        }

        public override void AddResponse(JsonObject operation, string schema)
        {
            operation["produces"] = SchemaJson.Texts(["application/json"]);
            operation["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK", ["schema"] = Reference(schema) } };
        }

        public override JsonObject Reference(string schema, string? description = null)
        {
            var reference = new JsonObject { ["$ref"] = "#/definitions/" + schema };
            if (description is not null)
                reference["description"] = description;
            return reference;
        }

        public override JsonObject Schema(SchemaNode schema) => SwaggerSchema.Write(schema);
    }

    private sealed class OpenApi : OpenApiDialect
    {
        public override JsonObject Parameter(string name, string place)
        {
            var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["schema"] = new JsonObject { ["type"] = TypeOf(name) } };
            if (place == "path")
                parameter["required"] = true;
            return parameter;
        }

        public override void AddBody(JsonObject operation, string[] mediaTypes, string? schema)
        {
            var content = new JsonObject();
            foreach (var mediaType in mediaTypes)
                content[mediaType] = new JsonObject { ["schema"] = schema is null ? new JsonObject { ["type"] = "object" } : Reference(schema) };
            operation["requestBody"] = new JsonObject { ["content"] = content, ["required"] = true };
        }

        public override void AddResponse(JsonObject operation, string schema) =>
            operation["responses"] = new JsonObject
            {
                ["200"] = new JsonObject
                {
                    ["description"] = "OK",
                    ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Reference(schema) } },
                },
            };

        // A reference takes no siblings in OpenAPI 3.0, so it hides in an allOf where something must stand beside it.
        public override JsonObject Reference(string schema, string? description = null)
        {
            var reference = new JsonObject { ["$ref"] = "#/components/schemas/" + schema };
            return description is null
                ? reference
                : new JsonObject { ["allOf"] = new JsonArray(reference), ["default"] = new JsonObject(), ["description"] = description };
        }

        public override JsonObject Schema(SchemaNode schema) => SchemaJson.Write(schema);
    }
}
