using System.Text;
using Fairlead.Dev.Tailnet.RestApi;
using Microsoft.AspNetCore.WebUtilities;

namespace Fairlead.Dev.Tailnet.Access;

/// <summary>Bodies of the token endpoints.</summary>
internal static class OAuthForm
{
    public static bool IsForm(ApiCall call) => call.Has("application/x-www-form-urlencoded");

    public static IReadOnlyDictionary<string, string> Read(ApiCall call) =>
        IsForm(call)
            ? QueryHelpers.ParseQuery(Encoding.UTF8.GetString(call.Body)).ToDictionary(f => f.Key, f => f.Value.ToString())
            : throw new ApiRefusal(400, new ErrorBody("the body must be a form") { Error = "invalid_request" });

    /// <summary>For the call log.</summary>
    public static string WithoutSecrets(ApiCall call) =>
        string.Join('&', Read(call).Select(f => f.Key is "client_secret" or "jwt" ? $"{f.Key}=[hidden]" : $"{f.Key}={f.Value}"));
}
