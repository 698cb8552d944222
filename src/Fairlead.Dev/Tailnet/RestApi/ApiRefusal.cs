namespace Fairlead.Dev.Tailnet.RestApi;

/// <summary>Ends a call with an error answer.</summary>
internal sealed class ApiRefusal(int status, ErrorBody error) : Exception(error.Message)
{
    public ApiReply Reply => ApiReply.Error(status, error);

    public static ApiRefusal BadRequest(string message) => new(400, new ErrorBody(message));

    public static ApiRefusal Unauthorized() => new(401, new ErrorBody("API token invalid"));

    public static ApiRefusal Forbidden() =>
        new(403, new ErrorBody("calling actor does not have enough permissions to perform this function"));

    public static ApiRefusal NotFound(string message = "not found") => new(404, new ErrorBody(message));

    public static ApiRefusal PreconditionFailed() => new(412, new ErrorBody("precondition failed, invalid old hash"));
}
