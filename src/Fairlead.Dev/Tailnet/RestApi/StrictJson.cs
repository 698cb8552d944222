using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Fairlead.Dev.Tailnet.RestApi;

/// <summary>Reads bodies that must be exactly what the API documents: a field too many is a mistake of the client.</summary>
internal static class StrictJson
{
    public static T Read<T>(ApiCall call, JsonTypeInfo<T> type)
        where T : class
    {
        if (!call.Has("application/json"))
        {
            throw ApiRefusal.BadRequest($"the body must be sent as application/json, not \"{call.ContentType}\"");
        }
        try
        {
            return JsonSerializer.Deserialize(call.Body, type) ?? throw ApiRefusal.BadRequest("the body must be an object, not null");
        }
        catch (JsonException e)
        {
            throw ApiRefusal.BadRequest($"the body is not what this call takes: {e.Message}");
        }
    }
}
