using Fairlead.Dev.Tailnet.Access;
using Fairlead.Dev.Tailnet.RestApi;

namespace Fairlead.Dev.Tailnet.Settings;

/// <summary>One scope covers all settings here; the real API asks for further ones for some of them.</summary>
internal sealed class SettingsEndpoints(TailnetSettingsStore settings) : IEndpointSet
{
    private const string Item = ApiRoute.Tailnet + "/settings";

    // The range the real API takes.
    private const int MaxKeyDurationDays = 180;

    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", Item, Scopes.SettingsRead, _ => Answer(settings.Read())),
        new("PATCH", Item, Scopes.Settings, Patch),
    ];

    private ApiReply Patch(ApiCall call)
    {
        var changes = StrictJson.Read(call, RestApiJson.Default.SettingsBody);
        if (changes.DevicesKeyDurationDays is < 1 or > MaxKeyDurationDays)
        {
            throw ApiRefusal.BadRequest($"devicesKeyDurationDays must be between 1 and {MaxKeyDurationDays}");
        }
        if (changes.UsersRoleAllowedToJoinExternalTailnets is not (null or "none" or "admin" or "member"))
        {
            throw ApiRefusal.BadRequest("usersRoleAllowedToJoinExternalTailnets must be none, admin or member");
        }
        return Answer(settings.Patch(changes));
    }

    private static ApiReply Answer(SettingsBody body) => ApiReply.Json(body, RestApiJson.Default.SettingsBody);
}
