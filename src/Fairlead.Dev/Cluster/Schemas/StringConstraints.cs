namespace Fairlead.Dev.Cluster.Schemas;

internal static class StringConstraints
{
    public static void Check(string text, SchemaNode schema, FieldPath path, List<FieldError> errors)
    {
        // Lengths count code points, not UTF-16 units.
        if (schema.MaxLength is not null || schema.MinLength is not null)
            CheckLength(text, text.EnumerateRunes().Count(), schema, path, errors);
        if (schema.Pattern is { } pattern && !SchemaPattern.IsMatch(pattern, text))
            errors.Add(Invalid(text, path, $"{path.InBody()} should match '{pattern}'"));
        if (schema.Format is { } format && !(schema.AllowsEmpty && text.Length == 0) && !StringFormats.Matches(format, text))
        {
            errors.Add(new FieldError(
                FieldErrorType.TypeInvalid,
                path.ToString(),
                $"{path.InBody()} must be of type {format}: {JsonText.Quote(text)}",
                JsonText.Quote(text)));
        }
    }

    private static void CheckLength(string text, int length, SchemaNode schema, FieldPath path, List<FieldError> errors)
    {
        if (schema.MaxLength is { } max && length > max)
            errors.Add(new FieldError(FieldErrorType.TooLong, path.ToString(), $"may not be more than {max} bytes"));
        if (schema.MinLength is { } min && length < min)
            errors.Add(Invalid(text, path, $"{path.InBody()} should be at least {min} chars long"));
    }

    private static FieldError Invalid(string text, FieldPath path, string detail) =>
        new(FieldErrorType.Invalid, path.ToString(), detail, JsonText.Quote(text));
}
