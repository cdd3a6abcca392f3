//! What the screen shows, without the screen: session state and view models, tested natively.
