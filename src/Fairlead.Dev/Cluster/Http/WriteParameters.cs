using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Objects;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.Http;

/// <summary>Query parameters of writing requests.</summary>
internal static class WriteParameters
{
    // Limit of the API server on a field manager's name.
    private const int MaxManager = 128;

    public static WriteContext Read(ApiRequest request)
    {
        var manager = RequestQuery.Text(request.Query, "fieldManager");
        if (manager?.Length > MaxManager)
            throw ApiErrors.BadRequest($"query parameter fieldManager: may not be more than {MaxManager} bytes");
        return new WriteContext
        {
            User = request.User,
            FieldManager = manager ?? ManagerOf(request.Http.Request.Headers.UserAgent.ToString()),
            DryRun = DryRun(request),
            Force = RequestQuery.Flag(request.Query, "force") ?? false,
            FieldValidation = RequestQuery.Text(request.Query, "fieldValidation") switch
            {
                null or "Warn" => FieldValidation.Warn,
                "Strict" => FieldValidation.Strict,
                "Ignore" => FieldValidation.Ignore,
                var other => throw NotSupported(request, "fieldValidation", $"\"{other}\"", "\"\", \"Ignore\", \"Strict\", \"Warn\""),
            },
        };
    }

    public static bool DryRun(ApiRequest request) => RequestQuery.Text(request.Query, "dryRun") switch
    {
        null => false,
        "All" => true,
        var other => throw NotSupported(request, "dryRun", $"[\"{other}\"]", "\"All\""),
    };

    private static ApiStatusException NotSupported(ApiRequest request, string parameter, string value, string supported)
    {
        var kind = request.Info.Verb switch
        {
            "create" => "CreateOptions",
            "update" => "UpdateOptions",
            "patch" => "PatchOptions",
            _ => "DeleteOptions",
        };
        return ApiErrors.InvalidOptions(kind, FieldErrorType.NotSupported, parameter, $"supported values: {supported}", value);
    }

    /// <summary>Without a name of its own, a manager is called after the client program.</summary>
    private static string ManagerOf(string userAgent)
    {
        var slash = userAgent.IndexOf('/', StringComparison.Ordinal);
        var name = slash < 0 ? userAgent : userAgent[..slash];
        return name.Length switch
        {
            0 => "unknown",
            > MaxManager => name[..MaxManager],
            _ => name,
        };
    }
}
