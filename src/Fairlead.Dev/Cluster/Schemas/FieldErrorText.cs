namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>The words of a <see cref="FieldError"/> in a Status.</summary>
public static class FieldErrorText
{
    /// <summary><c>reason</c> of the cause, for example <c>FieldValueInvalid</c>.</summary>
    public static string Reason(this FieldError error) => error.Type switch
    {
        FieldErrorType.InternalError => "InternalError",
        FieldErrorType.FieldManagerConflict => "FieldManagerConflict",
        var type => "FieldValue" + type,
    };

    /// <summary><c>message</c> of the cause: heading, value where it is shown, detail.</summary>
    public static string Message(this FieldError error)
    {
        if (error.Type == FieldErrorType.FieldManagerConflict)
            return error.Detail;
        var text = Heading(error.Type);
        if (error.Value is not null && ShowsValue(error.Type))
            text += ": " + error.Value;
        return error.Detail.Length == 0 ? text : $"{text}: {error.Detail}";
    }

    /// <summary>Field and message, as they stand in the message of the whole Status.</summary>
    public static string FullMessage(this FieldError error) => $"{error.Field}: {error.Message()}";

    private static string Heading(FieldErrorType type) => type switch
    {
        FieldErrorType.Required => "Required value",
        FieldErrorType.Duplicate => "Duplicate value",
        FieldErrorType.NotSupported => "Unsupported value",
        FieldErrorType.Forbidden => "Forbidden",
        FieldErrorType.TooLong => "Too long",
        FieldErrorType.TooShort => "Too short",
        FieldErrorType.TooMany => "Too many",
        FieldErrorType.TooFew => "Too few",
        FieldErrorType.NotFound => "Not found",
        FieldErrorType.InternalError => "Internal error",
        _ => "Invalid value",
    };

    private static bool ShowsValue(FieldErrorType type) => type is not
        (FieldErrorType.Required or FieldErrorType.Forbidden or FieldErrorType.TooLong or FieldErrorType.TooShort
        or FieldErrorType.InternalError);
}
