namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>Cause reasons of the Kubernetes API (<c>FieldValueRequired</c> and so on).</summary>
public enum FieldErrorType
{
    Required,
    Invalid,
    Duplicate,
    NotSupported,
    Forbidden,
    TooLong,
    TooMany,
    TypeInvalid,
    NotFound,
    InternalError,
    TooFew,
    TooShort,
    FieldManagerConflict,
}
